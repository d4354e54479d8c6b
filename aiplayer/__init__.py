"""The domain of AI Player, free of web, serving and cloud code: settings, errors, catalogue,
models, title search, ranking, prompts and pictures."""
