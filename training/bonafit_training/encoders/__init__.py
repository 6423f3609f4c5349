"""Encoders made for the light package."""
