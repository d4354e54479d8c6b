"""Trains the small diffusion model: scenes that the painter paints, with captions in Korean and English.
`python -m training.diffusion` is the command."""
