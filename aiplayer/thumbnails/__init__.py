"""Pictures for titles: prompts, the models that paint, brush strokes, the title on the picture, PNG."""
