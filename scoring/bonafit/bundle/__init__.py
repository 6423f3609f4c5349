"""Bundles: verified, found by a URI, made portable."""
