"""What belongs to HTTP: the shapes of requests and answers, errors in one shape, and calls to the runners.
No other folder but `service.py` imports it."""
