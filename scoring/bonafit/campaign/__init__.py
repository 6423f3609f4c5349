"""From a shortlist to a campaign and back: price, portfolio, forecast, outcomes, what moved, what drifted."""
