"""What the speed suites share: alternating runs, the machine's own limits, populations made up for the occasion."""
