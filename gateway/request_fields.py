"""What requests are made of: texts, titles, ids, and the base of every request."""

import unicodedata
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aiplayer.text import compose, is_unseen, trim
from gateway.patterns import declare_empty_or_text, declare_text

MAX_TITLE_CHARACTERS = 200
MAX_PROMPT_CHARACTERS = 1_000
# What every program's numbers hold exactly; JSON knows no others.
MAX_ID = 2**53 - 1
# Control characters, and halves of surrogate pairs, which no database and no encoder can hold.
FORBIDDEN_CATEGORIES = {"Cc", "Cs"}


def _composed(longest: int) -> BeforeValidator:
    """Brings text into one form (NFC) before its characters, at most `longest`, are counted."""

    def composed(value: object) -> object:
        return compose(value, longest) if isinstance(value, str) else value

    return BeforeValidator(composed)


def _readable(text: str) -> str:
    """Trim; refuse text that shows nothing or holds characters that nobody can read."""
    if is_unseen(text):
        raise ValueError("must not be empty or only white space")
    return _without_control(text)


def _readable_or_empty(text: str) -> str:
    """What shows nothing is empty; else as `_readable`."""
    return "" if is_unseen(text) else _without_control(text)


def _without_control(text: str) -> str:
    """Trim; refuse characters that nobody can read."""
    text = trim(text)
    if any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in text):
        raise ValueError("must not hold control characters")
    return text


def _whole(value: object) -> object:
    """A number without a fraction as an integer, for JSON does not tell 3.0 from 3; everything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[
    str,
    Field(max_length=MAX_TITLE_CHARACTERS, json_schema_extra=declare_text),
    _composed(MAX_TITLE_CHARACTERS),
    AfterValidator(_readable),
]
Prompt = Annotated[
    str,
    Field(max_length=MAX_PROMPT_CHARACTERS, json_schema_extra=declare_empty_or_text),
    _composed(MAX_PROMPT_CHARACTERS),
    AfterValidator(_readable_or_empty),
]
Title = Annotated[
    Text, Field(description="The playlist's title, Korean or English.", examples=["비 오는 날 카페에서 듣는 재즈"])
]
Id = Annotated[int, Field(ge=0, le=MAX_ID), BeforeValidator(_whole)]
# JSON has no UUIDs, so a string must do even where types are strict.
GenerationId = Annotated[UUID, Field(strict=False, description="From the answer of POST /recommend.")]


class Request(BaseModel):
    """Types are not guessed ("3" is no number) and unknown fields are refused.

    One fault is told. Lists stop at their first (`fail_fast`), for to find 75,000 of them takes half a second, in which
    nobody else is served.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _prepare(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body

        known = {field.alias or name for name, field in cls.model_fields.items()}
        fields = {name: _whole(value) for name, value in body.items() if name in known}
        for name, value in body.items():
            if name not in fields:
                return fields | {name: value}
        return fields
