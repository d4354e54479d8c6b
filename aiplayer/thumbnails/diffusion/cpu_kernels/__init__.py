"""What makes diffusion fast on a CPU; `aiplayer.thumbnails.diffusion` works without it."""
