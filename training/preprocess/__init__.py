"""Cleans a dataset in five steps, `python -m training.preprocess`: thresholds come from the data.
`steps.py` holds a function for each step, `table.py` shows what each removed."""
