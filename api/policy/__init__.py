"""Scenarios, measures, benchmarks and hotspots: what policymakers ask."""
