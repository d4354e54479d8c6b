"""Fetches Stable Diffusion weights from the Hugging Face hub, after their licence was accepted."""
