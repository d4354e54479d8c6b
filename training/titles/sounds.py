"""Estimate the pieces by which names sound alike in both scripts, from the table of artists' names.

    python -m training.titles.sounds

writes `aiplayer/titles/reading/sounds.csv` anew, in about ten minutes on one core. Each Hangul form of an artist is
aligned with the Latin form that it fits best, the pieces are counted, and the pairs are aligned again by those counts
(hard expectation maximisation). The pairs that fit worst, such as a translation ("두번째달" for "2nd Moon"), are left
out: they do not sound alike.
"""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from aiplayer.files import write_whole
from aiplayer.titles.reading.artist_table import ArtistRow, known_artists
from aiplayer.titles.reading.sounds import (
    COSTS,
    LONGEST_HANGUL_PIECE,
    LONGEST_LATIN_PIECE,
    VOWELS,
    hangul_spelling,
    latin_spellings,
    word_orders,
)

ROUNDS = 5
SHARE_KEPT = 0.85
# How many letters and how many parts of syllables may stand for each other.
PIECE_SIZES = [(1, 0), (2, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1), (4, 2)]
# Pieces may not run ahead of the other script by more parts than this.
BAND = 5
FEWEST_COUNTED = 2
# Added to how often each side of a piece was seen, so that what was seen twice is no certainty.
DOUBT = 1.5
# Beyond the surprise at a part that has no counterpart, what leaving it out costs.
LEFT_OUT = 0.7
WORD_END_LEFT_OUT = 0.5

# Which letters a consonant of Hangul may stand for, before anything is counted.
LETTERS_OF_CONSONANTS = {
    "ᄀᄁᄏᆨᆩᆿ": "kgcqx",
    "ᄃᄄᄐᆮᆺᆻᇀ": "td",
    "ᄇᄈᄑᇁᆸ": "pbfvw",
    "ᄉᄊᄌᄍᄎᆺᆽᆾ": "sczjxtg",
    "ᄅᆯ": "lr",
    "ᄆᆷ": "m",
    "ᄂᆫᆼ": "n",
    "ᄒ": "hjg",
}
LETTERS_OF_CONSONANT = {
    consonant: frozenset(
        "".join(letters for consonants, letters in LETTERS_OF_CONSONANTS.items() if consonant in consonants)
    )
    for consonant in "".join(LETTERS_OF_CONSONANTS)
}
# Vowels that Korean adds where it cannot end a syllable: "s" is 스, "sh" is 시.
ADDED_VOWELS = frozenset("ᅳᅵ")

Piece = tuple[str, str]
Cost = Callable[[str, str], float | None]


class Alignment(NamedTuple):
    """How a Latin spelling and a Hangul one stand for one another.

    Args:
        cost: The sum of the pieces' costs, divided by the lengths of both spellings.
        pieces: Each piece in both scripts.
    """

    cost: float
    pieces: list[Piece]


def main() -> None:
    """Write the table of pieces."""
    counts = count_pieces(known_artists(), ROUNDS)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["latin", "hangul", "cost"])
    for (latin, hangul), cost in sorted(piece_costs(counts).items()):
        writer.writerow([latin, hangul, f"{cost:.2f}"])
    write_whole(COSTS, lines.getvalue())


def count_pieces(rows: Sequence[ArtistRow], rounds: int) -> Counter[Piece]:
    """How often each piece stands in the names of a table.

    Args:
        rows: The table of artists.
        rounds: How many times all pairs are aligned.

    Returns:
        The counts of the last round, those of joined pieces among them.
    """
    pairs = _name_pairs(rows)
    cost: Cost = _first_cost
    fits: list[Alignment] = []
    for _ in range(rounds):
        fits = [_best_alignment(latin_forms, hangul, cost) for latin_forms, hangul in pairs]
        fits.sort(key=lambda fit: fit.cost)
        fits = fits[: int(SHARE_KEPT * len(fits))]
        cost = _cost_by_counts(Counter(piece for fit in fits for piece in fit.pieces))
    return Counter(joined for fit in fits for joined in joined_pieces(fit.pieces))


def joined_pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Every run of neighbouring pieces, joined, that is short enough: "g" for ㅈ beside "e" for ㅣ is "ge" for 지."""
    for start in range(len(pieces)):
        latin = hangul = ""
        for piece_latin, piece_hangul in pieces[start:]:
            latin, hangul = latin + piece_latin, hangul + piece_hangul
            if len(latin) > LONGEST_LATIN_PIECE or len(hangul) > LONGEST_HANGUL_PIECE:
                break
            yield latin, hangul


def piece_costs(counts: Counter[Piece]) -> dict[Piece, float]:
    """What each piece costs: how surprising either side of it is, given the other side, on average.

    Args:
        counts: How often each piece was seen.

    Returns:
        Costs, in natural logarithms; a piece seen less than FEWEST_COUNTED times has none.
    """
    counted = {piece: count for piece, count in counts.items() if count >= FEWEST_COUNTED}
    of_latin: Counter[str] = Counter()
    of_hangul: Counter[str] = Counter()
    for (latin, hangul), count in counted.items():
        of_latin[latin] += count
        of_hangul[hangul] += count

    costs: dict[Piece, float] = {}
    for (latin, hangul), count in counted.items():
        given_latin = math.log((of_latin[latin] + DOUBT) / count)
        given_hangul = math.log((of_hangul[hangul] + DOUBT) / count)
        if not hangul:
            costs[latin, hangul] = given_latin + (WORD_END_LEFT_OUT if latin == "_" else LEFT_OUT)
        elif not latin:
            costs[latin, hangul] = given_hangul + LEFT_OUT
        else:
            costs[latin, hangul] = (given_latin + given_hangul) / 2
    return costs


def _name_pairs(rows: Sequence[ArtistRow]) -> list[tuple[list[str], str]]:
    """Each Hangul form of an artist, beside the artist's Latin forms in all orders of their words."""
    pairs = []
    for row in rows:
        spellings = [spelling for form in row.latin + row.also for spelling in latin_spellings(form)]
        latin_forms = [order for spelling in spellings for order in word_orders(spelling)]
        for hangul in filter(None, map(hangul_spelling, row.hangul)):
            if latin_forms:
                pairs.append((latin_forms, hangul))
    return pairs


def _best_alignment(latin_forms: Sequence[str], hangul: str, cost: Cost) -> Alignment:
    return min((align(latin, hangul, cost) for latin in latin_forms), key=lambda fit: fit.cost)


def align(latin: str, hangul: str, cost: Cost) -> Alignment:
    """The cheapest way to cut two spellings into pieces.

    Args:
        latin: A spelling as `latin_spellings` gives it.
        hangul: A spelling as `hangul_spelling` gives it.
        cost: The cost of a piece, or nothing where the two sides cannot stand for one another.

    Returns:
        The alignment; without pieces and of infinite cost where there is none.
    """
    best = {(0, 0): 0.0}
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    for start in [(i, j) for i in range(len(latin) + 1) for j in range(len(hangul) + 1)]:
        if start not in best or _runs_ahead(*start, latin, hangul):
            continue

        for latin_size, hangul_size in PIECE_SIZES:
            end = start[0] + latin_size, start[1] + hangul_size
            if end[0] > len(latin) or end[1] > len(hangul):
                continue

            price = cost(latin[start[0] : end[0]], hangul[start[1] : end[1]])
            if price is not None and best[start] + price < best.get(end, math.inf):
                best[end] = best[start] + price
                came_from[end] = start

    end = len(latin), len(hangul)
    if end not in best:
        return Alignment(math.inf, [])
    return Alignment(best[end] / sum(end), _pieces(latin, hangul, came_from))


def _runs_ahead(i: int, j: int, latin: str, hangul: str) -> bool:
    """Whether one spelling is read much further than the other."""
    return abs(i * len(hangul) - j * len(latin)) > BAND * max(len(latin), len(hangul))


def _pieces(latin: str, hangul: str, came_from: dict[tuple[int, int], tuple[int, int]]) -> list[Piece]:
    """The pieces on the way to the end of both spellings."""
    pieces = []
    i, j = len(latin), len(hangul)
    while (i, j) != (0, 0):
        before_i, before_j = came_from[i, j]
        pieces.append((latin[before_i:i], hangul[before_j:j]))
        i, j = before_i, before_j
    return pieces[::-1]


def _cost_by_counts(counts: Counter[Piece]) -> Cost:
    """The surprise at a piece, after a first count; a piece of two parts that was never seen stays possible."""
    total = sum(counts.values())
    unseen = -math.log(0.3 / total)
    costs = {
        piece: -math.log(count / total) for piece, count in counts.items() if count > 1 or len("".join(piece)) <= 2
    }

    def cost(latin: str, hangul: str) -> float | None:
        price = costs.get((latin, hangul))
        if price is not None:
            return price
        size = len(latin) + len(hangul)
        return unseen + 2.7 * size if size <= 2 else None

    return cost


_FIRST_COSTS: dict[Piece, float] = {}


def _first_cost(latin: str, hangul: str) -> float:
    """A guess, before anything is counted: small pieces whose consonants fit, and whose vowels stand for vowels."""
    known = _FIRST_COSTS.get((latin, hangul))
    if known is None:
        known = _FIRST_COSTS[latin, hangul] = _guess(latin, hangul)
    return known


def _guess(latin: str, hangul: str) -> float:
    if not hangul:
        # Letters fall silent: "h", "e", and what ends a word.
        return 2.5 * len(latin) - (1.5 if latin[-1] == "_" else 0) - (1 if latin[0] in "eh" else 0)
    if not latin:
        return 1.5 if hangul in ADDED_VOWELS else 5.0

    misfits = sum(not _may_stand_for(part, latin) for part in hangul)
    hangul_consonants = sum(part in LETTERS_OF_CONSONANT for part in hangul)
    latin_consonants = len([letter for letter in latin if letter not in VOWELS and letter not in "_hwrxg"])
    unheard = max(0, latin_consonants - hangul_consonants)
    return 1.5 + 0.8 * (len(latin) + len(hangul) - 2) + 4 * misfits + 2 * unheard


def _may_stand_for(part: str, latin: str) -> bool:
    letters = LETTERS_OF_CONSONANT.get(part)
    if letters is None:
        return part == "ᅳ" or not VOWELS.isdisjoint(latin) or "w" in latin
    return not letters.isdisjoint(latin)


if __name__ == "__main__":
    main()
