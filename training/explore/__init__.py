"""Explores a dataset: `python -m training.explore` draws how its playlists, songs, tags and titles are spread.

The report is one HTML file of inline SVG that needs nothing else; `spreads.py` and `frequencies.py` hold one function
for each of its sections, `histograms.py` and `rankings.py` paint the plots."""
