"""Pages about the inventory, written from the open release: coverage and estimates."""
