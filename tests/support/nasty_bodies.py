"""Bodies that no client should send, to see that each gets an answer a person can read."""

import json
from collections.abc import Iterator

JSON = "application/json"
# Values of every type, at and past the bounds of each field.
VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0.5,
    1e308,
    2**63,
    -(2**70),
    10**40,
    "",
    " ",
    "\u3000\u00a0",
    "\x00",
    "a\x00b",
    "a\u0085b",
    "a\x7fb",
    "\ud800",
    "a\udfffb",
    "x" * 1_001,
    [],
    [[]],
    [None],
    ["\ud83d"],
    [{"title": "x"}],
    {},
    {"title": {"title": "x"}},
)
FIELDS = ("title", "playlist_ids", "count", "generation_id", "seed", "songs", "removed", "liked")
NO_OBJECTS = (
    b"",
    b" ",
    b"null",
    b"true",
    b"1",
    b'"text"',
    b"[]",
    b"[1]",
    b'["title"]',
    b"{}",
    b"\xef\xbb\xbf",
    b"\x00",
)
BROKEN = (
    b"{",
    b"}",
    b'{"title"',
    b'{"title": "x"',
    b'{"title": "x",}',
    b"{'title': 'x'}",
    b'{title: "x"}',
    b'{"title": "x"} {"title": "y"}',
    b'{"title": "x" "count": 1}',
    b'{"title": "\\x"}',
    b'{"title": "\\u12"}',
    b'{"title": "a\nb"}',
    b'{"title": 01}',
    b'{"title": +1}',
    b'{"title": .5}',
    b'{"title": undefined}',
    b"<title>x</title>",
    b"title=x",
    b"%7B%22title%22%3A%22x%22%7D",
    b"\xff\xfe{\x00}\x00",
    b"\x80\x81\x82",
    b'{"title": "\xff\xfe"}',
    b'{"title": NaN}',
    b'{"title": Infinity, "count": -Infinity}',
)
CONTENT_TYPES = (
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
)


def nasty_bodies(title: str) -> Iterator[tuple[bytes, str]]:
    """Bodies and their content types, some 300; no endpoint accepts any of them.

    Args:
        title: A title that is accepted, beside which each fault stands alone.
    """
    for body in (*NO_OBJECTS, *BROKEN):
        yield body, JSON
    for content_type in CONTENT_TYPES:
        yield json.dumps({"title": title}).encode(), content_type

    for field in FIELDS:
        for value in VALUES:
            body = {"title": title, field: value, "surprise": 1}
            yield json.dumps(body).encode(), JSON

    for name in ("", " ", "Title", "title ", "__proto__", "constructor", "self", "request", "\ud800", "x" * 10_000):
        yield json.dumps({"title": title, "generation_id": 7, name: 1}).encode(), JSON

    yield json.dumps({"title": title, **{f"field_{number}": number for number in range(20_000)}}).encode(), JSON
    for depth in (50, 900, 100_000):
        yield b'{"title": ' + b"[" * depth + b"]" * depth + b"}", JSON
        yield b'{"a":' * depth + b"1" + b"}" * depth, JSON
    for digits in (20, 400, 5_000):
        yield b'{"title": "x", "generation_id": ' + b"9" * digits + b"}", JSON
        yield b'{"title": "x", "generation_id": 1e' + b"9" * min(digits, 400) + b"}", JSON
    yield b'{"title": "' + b"x" * 1_000_001 + b'"}', JSON
