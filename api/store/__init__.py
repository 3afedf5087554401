"""What is kept: footprints as they were answered, in a database."""
