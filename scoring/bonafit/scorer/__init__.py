"""A bundle's heads over one encoder, with what they remember."""
