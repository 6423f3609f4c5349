"""Public sets and the user's own files as training data."""
