"""Which names of a catalogue have about the same consonants, in about the same order, as a name in the other script.

This is a coarse look-up, as Soundex is one: it is fast, and finds a few names that are then compared sound by sound.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CANDIDATES = 64

# Sounds that the two scripts write for one another are one class. The last class is that of vowels; but ㅡ is what
# Korean adds between consonants, and "h" and "w" are often mute.
LATIN_CLASSES = ["kgq", "cszjx", "td", "pbfv", "lr", "n", "m", "aeiouy"]
HANGUL_CLASSES = ["ᄀᄁᄏᆨᆩᆿ", "ᄉᄊᄌᄍᄎ", "ᄃᄄᄐᆮᆺᆻᆽᆾᇀ", "ᄇᄈᄑᆸᇁ", "ᄅᆯ", "ᄂᆫᆼ", "ᄆᆷ", "ᅡᅢᅣᅤᅥᅦᅧᅨᅩᅪᅫᅬᅭᅮᅯᅰᅱᅲᅴᅵ"]
CLASSES = len(LATIN_CLASSES)
VOWEL, END = CLASSES - 1, CLASSES
# Counts of the classes, and of a consonant after another one.
VECTOR_SIZE = CLASSES + CLASSES * (CLASSES - 1)
PAIR_WEIGHT = 0.7

FIRST_CODE = ord("0")
# What has no class is left out.
CLASS_OF_PART: dict[int, str | None] = defaultdict(lambda: None, {ord("\n"): chr(FIRST_CODE + END)})
for _parts_of_classes in (LATIN_CLASSES, HANGUL_CLASSES):
    for _code, _parts in enumerate(_parts_of_classes, start=FIRST_CODE):
        CLASS_OF_PART.update({ord(part): chr(_code) for part in _parts})

SOUNDS_OF_LETTERS = [
    # "The", and 더 in parts.
    (re.compile("^(?:the_|\u1103\u1165)", re.MULTILINE), ""),
    # Korean family names: 이 is "Lee", 임 "Lim", 유 "Ryu".
    (re.compile("(?<![a-z])[lr](?=(?:ee|i|im|yoo|yu)_)"), ""),
    # "Christian" is 크리스천, "Martial" 마셜, "Future" 퓨처.
    (re.compile("t(?=i[ao]|ure)|t(?=s)"), "s"),
    # Hangul does not write the "r" of "Carter" and "Bernard".
    (re.compile("(?<=[aeiouy])r(?![aeiouy])"), ""),
    (re.compile("ng_"), "n"),
    (re.compile("s?ch(?![rl])|[st]h"), "s"),
    (re.compile("c(?![eiy])"), "k"),
    # "George", "Gio"; but "get", and 기 and 규 of Korean names.
    (re.compile("dg|g(?=e(?![uot])|i[ao])"), "j"),
    (re.compile("x"), "ks"),
    (re.compile("gh"), ""),
    (re.compile(r"([a-z])\1"), r"\1"),
    # Of an "l" between vowels Hangul writes two.
    (re.compile("ᆯᄅ"), "ᄅ"),
]
# Neighbouring vowels are one: "Yeon" is 연.
VOWELS_IN_A_ROW = re.compile(f"{FIRST_CODE + VOWEL:c}+")


@dataclass(frozen=True, slots=True)
class SpelledName:
    """A name of the catalogue in one of its forms."""

    position: int
    spelling: str


class NearbyNames:
    """Looks up names with about the same consonants in about the same order.

    Consonants that the scripts write for one another are one class, so are all vowels. A name is a vector: how often
    each class occurs, and how often one class of consonants follows another. The first consonant counts as following
    the last one, so that a name is the same in another order of its words ("Yeol Eum Son", 손열음).
    """

    def __init__(self, names: Sequence[SpelledName]):
        self._names = names
        self._vectors = _class_vectors([name.spelling for name in names])
        self._squares = np.square(self._vectors).sum(1)

    def nearest(self, spelling: str) -> list[SpelledName]:
        """The names most like a spelling in the other script."""
        if not spelling or not self._names:
            return []

        vector = _class_vectors([spelling])[0]
        distances = self._squares - 2 * self._vectors @ vector
        count = min(CANDIDATES, len(distances))
        nearest = np.argpartition(distances, count - 1)[:count]
        return [self._names[index] for index in nearest[np.argsort(distances[nearest])]]


def _class_vectors(spellings: Sequence[str]) -> np.ndarray:
    """The vectors of spellings, shape (spellings, VECTOR_SIZE), float32."""
    text = "\n".join(spellings)
    for pattern, replacement in SOUNDS_OF_LETTERS:
        text = pattern.sub(replacement, text)
    classes = VOWELS_IN_A_ROW.sub(chr(FIRST_CODE + VOWEL), text.translate(CLASS_OF_PART))
    codes = np.frombuffer(classes.encode(), np.uint8) - FIRST_CODE

    is_end = codes == END
    rows = np.cumsum(is_end)[~is_end]
    codes = codes[~is_end]
    vectors = np.zeros((len(spellings), VECTOR_SIZE), np.float32)
    np.add.at(vectors, (rows, codes), 1)

    is_consonant = codes != VOWEL
    rows, codes = rows[is_consonant], codes[is_consonant]
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    before = np.roll(codes, 1)
    ends = np.append(starts[1:], len(codes))[: len(starts)] - 1
    before[starts] = codes[ends]
    pairs = CLASSES * (1 + before.astype(int)) + codes
    np.add.at(vectors, (rows, pairs), PAIR_WEIGHT)
    return vectors
