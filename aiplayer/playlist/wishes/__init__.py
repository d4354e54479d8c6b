"""Wishes of a creator for a playlist: which songs keep them best, in which order, and a certificate that says how well.
`wished_playlist.make_wished_playlist` is the door."""
