"""The arithmetic of life cycle assessment, as pure functions."""
