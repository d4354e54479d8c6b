"""Stable Diffusion 1.x and smaller networks of its kind, from a prompt to pictures: sizes, networks, weights,
tokenizer, samplers, and the one compiled loop."""
