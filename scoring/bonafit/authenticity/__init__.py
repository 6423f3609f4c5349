"""The parts of the authenticity head: account, automation, audience share, engagement plausibility."""
