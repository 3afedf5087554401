"""What is computed and told of a footprint that is kept."""
