"""The fast part: arrays in, arrays out; knows no activity and no file."""
