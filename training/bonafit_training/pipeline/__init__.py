"""Training from reading to a published bundle: `train` on public and own sets, `own` on one's own files alone."""
