"""Names by their sound: a Hangul form for a name in Latin letters ("맥 드마르코" for "Mac DeMarco"), and the reverse.

A name in Latin letters and one in Hangul are aligned: cut into pieces that stand for one another, "sh" for 시,
"a" for 에이, as the rules for writing foreign words in Hangul (외래어 표기법) have it, and those for writing Korean in
Latin letters (로마자 표기법, but also habits such as 이 as "Lee" and 선 as "Sun"). The pieces and their costs,
`sounds.csv`, are estimated from the pairs of `artists.csv` (`training.titles.sounds`): one table serves English,
French, German, Spanish, Nordic and Korean names.

The method is the many-to-many alignment of letters and sounds of Jiampojamarn, Kondrak and Sherif (2007), "Applying
Many-to-Many Alignments and Hidden Markov Models to Letter-to-Phoneme Conversion". Departure: the cost of a piece is the
mean of its surprise given either side, so that neither script has to be the source.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from aiplayer.artists import name_forms
from aiplayer.text import name_words
from aiplayer.titles.reading.artist_table import is_common
from aiplayer.titles.reading.nearby_names import NearbyNames, SpelledName

COSTS = Path(__file__).with_name("sounds.csv")
# A part that no piece has a counterpart for costs so much.
UNMATCHED = 3.5
# What an alignment may cost for each letter and part of a syllable, and how much less in all.
MOST_A_PART, SHORTNESS = 1.0, 5.5
# A name has so many letters for each part of a syllable: of the table's artists 0.6 to 2.7.
FEWEST_LETTERS_A_PART, MOST_LETTERS_A_PART = 0.5, 3.0
LONGEST_LATIN_PIECE, LONGEST_HANGUL_PIECE = 5, 4
# Texts whose names are remembered, some 200 bytes each.
TEXTS_KEPT = 16_384
UNREACHED = float("inf")

LATIN_NAME = re.compile("[a-z]+(?:_[a-z]+)*")
HANGUL_NAME = re.compile("[가-힣]+")
# An onset that is written and not spoken.
SILENT_ONSET = "\u110b"

VOWELS = frozenset("aeiouy")
LONGEST_ACRONYM, LONGEST_WITHOUT_VOWEL = 4, 3
WITHOUT_APOSTROPHES = str.maketrans("", "", "'’`´")
SHORT_WORDS = {"jr": "junior", "mr": "mister", "mrs": "missis", "dr": "doctor", "st": "saint"}
# How Korean names the letters, in Revised Romanization: 에이, 비, 시 and so on.
LETTER_NAMES = {
    "a": "ei",
    "b": "bi",
    "c": "ssi",
    "d": "di",
    "e": "i",
    "f": "epeu",
    "g": "ji",
    "h": "eichi",
    "i": "ai",
    "j": "jei",
    "k": "kei",
    "l": "el",
    "m": "em",
    "n": "en",
    "o": "o",
    "p": "pi",
    "q": "kyu",
    "r": "al",
    "s": "eseu",
    "t": "ti",
    "u": "yu",
    "v": "beui",
    "w": "deobeuryu",
    "x": "ekseu",
    "y": "wai",
    "z": "ji",
}

# What a piece costs, by its Latin side and then by its Hangul side.
PieceCosts = dict[str, dict[str, float]]


def latin_spellings(name: str) -> list[str]:
    """How a name in Latin letters may be spoken, each word ended by "_": "mac_demarco_".

    What is read letter by letter is spelled so, as Korean names the letters: "DJ" is "dijei". That is a single
    consonant, a short word without a vowel, and a name of single letters; a few capitals are read in both ways ("CIX").

    Args:
        name: A name in any script.

    Returns:
        The spellings, the usual one first; none for a name that holds anything but Latin letters.
    """
    spoken_words = name_words(name.translate(WITHOUT_APOSTROPHES))
    spelling = "_".join(spoken_words)
    if not LATIN_NAME.fullmatch(spelling):
        return []

    if all(len(word) == 1 for word in spoken_words):
        return ["".join(map(_by_letters, spoken_words)) + "_"]
    spellings = ["_".join(map(_as_spoken, spoken_words)) + "_"]
    if name.isupper() and len(spelling) <= LONGEST_ACRONYM and "_" not in spelling:
        spellings.append(_by_letters(spelling) + "_")
    return list(dict.fromkeys(spellings))


def _as_spoken(word: str) -> str:
    """A word of a name as it is spoken."""
    if word in SHORT_WORDS:
        return SHORT_WORDS[word]
    is_acronym = VOWELS.isdisjoint(word) and len(word) <= LONGEST_WITHOUT_VOWEL
    return _by_letters(word) if is_acronym else word


def _by_letters(word: str) -> str:
    """A word read letter by letter."""
    return "".join(LETTER_NAMES[letter] for letter in word)


def hangul_spelling(name: str) -> str:
    """The parts of a name's syllables, without silent onsets; nothing for a name that holds anything but Hangul."""
    syllables = "".join(name_words(name))
    if not HANGUL_NAME.fullmatch(syllables):
        return ""
    return unicodedata.normalize("NFD", syllables).replace(SILENT_ONSET, "")


def word_orders(spelling: str) -> list[str]:
    """A Latin spelling with its words in the orders that names have: 손열음 is "Yeol Eum Son" and "Son Yeol Eum".

    Args:
        spelling: As `latin_spellings` gives it.

    Returns:
        The spelling, and for two or three words each order that begins elsewhere; also without "The".
    """
    spelled_words = spelling.rstrip("_").split("_")
    orders = [spelling]
    if 2 <= len(spelled_words) <= 3:
        turns = [spelled_words[turn:] + spelled_words[:turn] for turn in range(1, len(spelled_words))]
        orders += ["_".join(turn) + "_" for turn in turns]

    if spelled_words[0] == "the" and len(spelled_words) > 1:
        orders.append("_".join(spelled_words[1:]) + "_")
    return orders


@cache
def _piece_costs() -> PieceCosts:
    """The costs of the table that comes with the product; it is read once a process."""
    return read_costs(COSTS)


def read_costs(path: Path) -> PieceCosts:
    """Read a table of pieces: the columns latin, hangul and cost."""
    costs: PieceCosts = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            costs[line["latin"]][line["hangul"]] = float(line["cost"])
    return dict(costs)


class SoundIndex:
    """Finds names of a catalogue by their sound in the other script.

    A few names with about the same consonants in about the same order are looked up first; these are aligned with the
    text, piece by piece. Names of one common word ("Love") are left out: 러브 is a word in Korean too.

    Args:
        names: The names, as the catalogue writes them; a name is known by its position.
        costs: What the pieces cost; those of `sounds.csv` where none are given.
    """

    def __init__(self, names: Sequence[str], costs: PieceCosts | None = None):
        self._costs = _piece_costs() if costs is None else costs
        latin_names, hangul_names = [], []
        for position, name in enumerate(names):
            for form in name_forms(name):
                if len(name_words(form)) == 1 and is_common(form):
                    continue
                latin_names += [SpelledName(position, spelling) for spelling in latin_spellings(form)]
                hangul = hangul_spelling(form)
                if hangul:
                    hangul_names.append(SpelledName(position, hangul))

        self._latin = NearbyNames(latin_names)
        self._hangul = NearbyNames(hangul_names)
        # The same words stand in many titles.
        self._found = lru_cache(maxsize=TEXTS_KEPT)(self._find)

    def find(self, text: str) -> list[tuple[int, float]]:
        """The names that sound like a text in the other script.

        Args:
            text: A name as a title writes it, in letters of one script alone.

        Returns:
            Positions of the names that fit best, each with how sure it is, above 0.5 and at most 1; mostly none.
        """
        return list(self._found(text))

    def _find(self, text: str) -> tuple[tuple[int, float], ...]:
        hangul = hangul_spelling(text)
        pairs = [(name, name.spelling, hangul) for name in self._latin.nearest(hangul)]
        for latin in latin_spellings(text):
            pairs += [(name, latin, name.spelling) for name in self._hangul.nearest(latin)]

        best_share, best = 1.0, []
        for name, latin_side, hangul_side in pairs:
            share = self._share_of_limit(latin_side, hangul_side, best_share)
            if share < best_share:
                best_share, best = share, [name]
            elif best and share == best_share:
                best.append(name)
        return tuple((name.position, 1 - best_share / 2) for name in best)

    def _share_of_limit(self, latin: str, hangul: str, most: float) -> float:
        """How dear the cheapest alignment of two spellings is, as a share of what their length allows."""
        if not FEWEST_LETTERS_A_PART <= len(latin.replace("_", "")) / len(hangul) <= MOST_LETTERS_A_PART:
            return UNREACHED
        shares = [UNREACHED]
        for order in word_orders(latin):
            limit = cost_limit(order, hangul)
            if limit:
                shares.append(alignment_cost(order, hangul, self._costs, limit * most) / limit)
        return min(shares)


def cost_limit(latin: str, hangul: str) -> float:
    """How much an alignment may cost: by length, and little for a short name, which common words resemble by chance.

    Both numbers were chosen on artists of the table that the costs were not estimated from.
    """
    size = len(latin.replace("_", "")) + len(hangul)
    return max(0.0, MOST_A_PART * size - SHORTNESS)


def alignment_cost(latin: str, hangul: str, costs: PieceCosts, limit: float) -> float:
    """What the cheapest alignment of two spellings costs.

    Args:
        latin: A spelling as `latin_spellings` gives it.
        hangul: A spelling as `hangul_spelling` gives it.
        costs: What the pieces cost.
        limit: The most that is of interest.

    Returns:
        The sum of the costs of its pieces, infinite where it is above the limit.
    """
    hangul_pieces = _pieces_from_each_part(hangul)
    added = [costs.get("", {}).get(part, UNMATCHED) for part in hangul]
    # best[i][j]: the cheapest alignment of the first i letters with the first j parts of syllables.
    best = [[UNREACHED] * (len(hangul) + 1) for _ in range(len(latin) + 1)]
    best[0][0] = 0.0
    for i, row in enumerate(best):
        for j, price in enumerate(added):
            if row[j] + price < row[j + 1]:
                row[j + 1] = row[j] + price

        reached = [(j, cost) for j, cost in enumerate(row) if cost <= limit]
        if not reached or i == len(latin):
            continue

        for stop in range(i + 1, min(i + LONGEST_LATIN_PIECE, len(latin)) + 1):
            prices = costs.get(latin[i:stop])
            if prices is not None:
                _extend(best[stop], reached, hangul_pieces, prices)
        for j, cost in reached:
            if cost + UNMATCHED < best[i + 1][j]:
                best[i + 1][j] = cost + UNMATCHED

    cost = best[-1][-1]
    return cost if cost <= limit else UNREACHED


@lru_cache(maxsize=64)
def _pieces_from_each_part(hangul: str) -> list[list[tuple[str, int]]]:
    """For each place in a Hangul spelling the pieces that begin there, each with the place where it ends."""
    pieces = []
    for start in range(len(hangul) + 1):
        last_stop = min(start + LONGEST_HANGUL_PIECE, len(hangul))
        pieces.append([(hangul[start:stop], stop) for stop in range(start, last_stop + 1)])
    return pieces


def _extend(
    row: list[float],
    reached: Iterable[tuple[int, float]],
    hangul_pieces: Sequence[Sequence[tuple[str, int]]],
    prices: dict[str, float],
) -> None:
    """Extend each alignment reached so far by a Latin piece and whatever may stand for it in Hangul."""
    for j, cost in reached:
        for piece, stop in hangul_pieces[j]:
            price = prices.get(piece)
            if price is not None and cost + price < row[stop]:
                row[stop] = cost + price
