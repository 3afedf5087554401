"""The footprint of an organisation: what is asked, checked and told of it."""
