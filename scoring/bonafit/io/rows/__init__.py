"""One plain row to one valid record."""
