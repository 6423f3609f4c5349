"""Training of the authenticity head."""
