"""Models as plain tables: additive, trees, calibration."""
