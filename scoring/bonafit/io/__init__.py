"""Files and tables to records, and results to files."""
