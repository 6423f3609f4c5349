"""Builds bonafit's bundles: reads public or own data, fits the heads, evaluates them beside baselines, publishes."""
