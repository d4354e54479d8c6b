"""What a title means: its encoder, the search for similar titles, the names that it holds, its translation."""
