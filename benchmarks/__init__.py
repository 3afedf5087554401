"""Measurements beside a named baseline in the same run, and results beside published ones."""
