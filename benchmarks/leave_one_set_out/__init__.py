"""Suites that fit a head on all its sets but one and judge it on that one."""
