"""Trains the recommender: the network, its examples, the trust in names, the ranker."""
