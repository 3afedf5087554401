"""Classes of learners: opened, joined, worked in, and read in a gradebook."""
