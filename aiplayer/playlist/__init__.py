"""From ranked songs to the playlist that the creator gets: mixing, the artist limit, and what was edited of it."""
