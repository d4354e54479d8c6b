"""Songs and hashtags for a title and any chosen playlists: branches propose, a ranker decides.
Everything here decides a trained model: a change in this folder trains it anew."""
