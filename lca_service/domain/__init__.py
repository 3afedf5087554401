"""What things are: frozen value objects of life cycle assessment."""
