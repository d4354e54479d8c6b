"""What a part of the service says of itself while it starts, for whoever waits: lines of its log."""

from collections.abc import Callable

# Such a line begins with these words; what follows is for a person.
STARTING = "starting: "

# Called with a few words on what is being done, where that may take long.
Tell = Callable[[str], None]


def tell_nobody(words: str) -> None:
    """For those who do not wait."""
