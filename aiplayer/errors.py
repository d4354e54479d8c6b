"""The one family of errors: each says what was given, what is allowed, and what to do next."""


class AIPlayerError(Exception):
    """Base of every error that this project raises on purpose.

    Args:
        message: One or two sentences for a person.
        code: A short snake_case word for programs; a subclass gives its own default.
        field: The name of the input that is at fault, where there is one.
    """

    status = 500
    default_code = "internal_error"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field

    def as_dict(self) -> dict[str, str]:
        """The error as the HTTP contract spells it: `code`, `message` and, where known, `field`."""
        body = {"code": self.code, "message": self.message}
        return body | {"field": self.field} if self.field else body


class InvalidInput(AIPlayerError):
    """The caller gave a value that is not allowed."""

    status = 422
    default_code = "invalid_input"


class NotFound(AIPlayerError):
    """The caller named something that does not exist."""

    status = 404
    default_code = "not_found"


class ModelMissing(AIPlayerError):
    """A pinned model is not in the model store, or does not fit what stands beside it."""

    default_code = "model_missing"


class Unavailable(AIPlayerError):
    """A part that the request needs (database, runner) does not answer now."""

    status = 503
    default_code = "unavailable"


class NotPainted(AIPlayerError):
    """A model could not paint a picture that may be asked for; with another seed it may."""

    default_code = "not_painted"


class TooBusy(AIPlayerError):
    """So much is being done that this would not be begun in time.

    Args:
        message: For a person.
        retry_after_s: When to try again, in whole seconds.
    """

    status = 429
    default_code = "too_busy"

    # What crosses from one process to another is made anew from its message alone, then gets its attributes.
    def __init__(self, message: str, retry_after_s: int = 1):
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooSlow(AIPlayerError):
    """The answer did not begin while its caller waited."""

    status = 504
    default_code = "too_slow"
