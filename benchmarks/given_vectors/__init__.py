"""A paper's task on given vectors."""
