"""Training, one folder a head."""
