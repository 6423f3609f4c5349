"""Learning from a client's measured campaigns."""
