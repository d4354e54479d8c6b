"""Lines of the log that hold what a client sent, and so must be kept from posing as other lines."""

import logging


class OneLine(logging.Filter):
    """Writes the characters of a message that are not printed, such as line breaks in a path, as Python spells them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; none is left out."""
        message = record.getMessage()
        if not message.isprintable():
            record.msg = "".join(map(_printable, message))
            record.args = None
        return True


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def keep_to_one_line(*names: str) -> None:
    """Have these loggers write every message in one line.

    Args:
        names: Loggers whose messages hold what a client sent; the filter does not reach the loggers below them.
    """
    for name in names:
        logging.getLogger(name).addFilter(OneLine())
