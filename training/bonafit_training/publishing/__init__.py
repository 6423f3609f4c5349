"""Artifacts to a bundle and its card."""
