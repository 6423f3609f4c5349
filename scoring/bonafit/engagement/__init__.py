"""Engagement: one ledger of rates, expected curves, prediction of the next posts, conversation."""
