"""The same answers from other servers, to measure beside the service: FastAPI, LitServe, and the bare models.
They load the models that the settings pin, into their own process, and read the same database."""
