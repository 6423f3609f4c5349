"""The table of bonafit.commercial.likelihood: how posts that say they are ads are written."""
