"""What crosses from the gateway to a runner and back, as it is.

What BentoML knows the type of, it takes apart into lists and dictionaries, and puts together again on the other side,
for several milliseconds a playlist. It leaves alone what is of these types, which say nothing of what they hold.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any

from pydantic_core import core_schema

from aiplayer.batching import Ticket
from aiplayer.errors import AIPlayerError


class _Opaque:
    """Passes through pydantic untouched."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: object) -> dict[str, Any]:
        return {"type": "object"}


class Asked(_Opaque):
    """A batch of items.

    Attributes:
        items: What is to be computed.
        tickets: Who waits for each.
    """

    def __init__(self, items: Sequence[Any], tickets: Sequence[Ticket]) -> None:
        self.items = list(items)
        self.tickets = list(tickets)


class Answered(_Opaque):
    """For each item of a batch its result, or the error that says why there is none.

    Attributes:
        outcomes: The results and errors, in the order of the items.
    """

    def __init__(self, outcomes: Sequence[Any]) -> None:
        self.outcomes = list(outcomes)


async def answer_of(results: Iterable[Awaitable[Any]]) -> Answered:
    """What each returns, or the error of ours that it raises; the gateway tells it to the one whom it concerns.

    Raises:
        BaseException: the first that is none of ours.
    """
    outcomes = await asyncio.gather(*results, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, AIPlayerError):
            raise outcome
    return Answered(outcomes)
