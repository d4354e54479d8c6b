"""Trains what reads titles: the title index, and the title encoder on one's own playlists."""
