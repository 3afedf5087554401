"""Exercises on carbon and water footprints: dealt, worked by hand, and graded by reason."""
