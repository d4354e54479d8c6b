"""The recommender's arena: models fitted on playlists, and their answers to questions about held-out ones.
Files are those of the Melon playlist-continuation arena."""
