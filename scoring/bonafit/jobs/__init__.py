"""Many creators for a brief: streams, files, shortlists, clusters."""
