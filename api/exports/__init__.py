"""Kept footprints as files that customers accept."""
