"""Training and evaluation of the engagement head."""
