"""Publishes models: stored as exact versions, pinned for each database, and carried from machine to machine as sets."""
