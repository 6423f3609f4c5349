"""Results in words that a client reads once: signals of every head, flags, what was not looked at.

`explain.explain(result)` is the way in. Every sentence is in `sentences` or, for flags, in the table of `flags`; a file
for each head says which of its terms make up which signal.
"""
