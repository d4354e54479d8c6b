"""Explores a dataset: `python -m training.explore` draws how its playlists, songs, tags and titles are spread.

The report is one HTML file of inline SVG that needs nothing else; `figures.py` holds one function for each plot."""
