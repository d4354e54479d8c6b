"""From data to published models: readers, one file a model, evaluation, publishing, set-up.
Every command is `python -m training.NAME`."""
