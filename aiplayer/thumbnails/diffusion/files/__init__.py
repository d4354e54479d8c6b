"""Weights as files: where they lie, their hashes, their layout, and their way into the networks."""
