"""A table of songs as people have it: what its file is (contents), its rows, which column holds what (columns),
lists of names in one value (lists), and dates and durations (values)."""
