"""Measures that only the benchmarks take."""
