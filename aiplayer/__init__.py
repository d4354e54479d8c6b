"""The domain of AI Player: catalogue, titles, recommender, playlists and thumbnails.
It imports no other folder of the project, no web framework and no cloud."""
