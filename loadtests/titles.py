"""Titles as creators type them: Korean and English, long and short, some without a clear theme.

Some are written by hand; the others are composed of the words in `title_words.toml`, the same ones for the same seed.
"""

import random
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path
from string import Formatter
from typing import Any

WORDS_FILE = Path(__file__).parent / "title_words.toml"
SEED = 20
COUNT = 4_000
WRITTEN = (
    "비 오는 날 카페에서 듣는 재즈",
    "late night city drive",
    "신나는 여름 바다 드라이브",
    "songs for a sleepless dawn",
    "90년대 감성 발라드",
    "cozy christmas morning",
    "헬스장에서 듣는 힙합",
    "lo-fi beats to study to",
    "벚꽃 필 때 듣는 설레는 노래",
    "80s synth-pop for the highway",
    "퇴근길 시티팝",
    "sad songs after a breakup",
    "트로트 메들리",
    "a midsummer night's party",
    "잠들기 전에 듣는 피아노",
    "rainy window jazz 🎧",
    "요즘 뜨는 케이팝",
    "campfire folk under the stars",
    "가을 저녁, 혼자 걷는 길",
    "music",
)


def distinct_titles(seed: int) -> Iterator[str]:
    """Composed titles, of which none comes twice; there are some hundred thousand before new ones become rare.

    Args:
        seed: Of everything that is drawn.
    """
    draw = random.Random(seed)
    words = _words()
    composed = set(WRITTEN)
    while True:
        title = _compose(draw, words)
        if title not in composed:
            composed.add(title)
            yield title


def _compose(draw: random.Random, words: dict[str, Any]) -> str:
    """One title: a template of one language with a word in each of its slots."""
    language = words["korean" if draw.random() < words["korean_share"] else "english"]
    template = draw.choice(language["templates"])

    parts = []
    for text, slot, _, _ in Formatter().parse(template):
        parts.append(text)
        if slot:
            # No word comes twice in a title: "{artist}, {artist}" are two artists.
            parts.append(draw.choice([word for word in language[slot] if word not in parts]))
    if draw.random() < words["emoji_share"]:
        parts.append(f" {draw.choice(words['emoji'])}")
    return "".join(parts)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))


# Those that are written by hand come first.
TITLES = tuple(islice(chain(WRITTEN, distinct_titles(SEED)), COUNT))
