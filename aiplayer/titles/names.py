"""Names in titles: which of many names a title holds as whole words, whatever the spelling and the Korean particle."""

from collections import defaultdict
from collections.abc import Iterable

from aiplayer.artists import name_forms
from aiplayer.text import name_key, name_words

LONGEST_NAME_WORDS = 10
# Korean writes these onto the word before: "아이유의 노래" names 아이유.
PARTICLES = ("의", "와", "과", "랑", "이랑", "이", "가", "은", "는", "을", "를", "만", "도")


class NameIndex:
    """Finds the names that a title holds.

    Names are compared by `name_key`; but a name must be whole words of the title, at most with a Korean particle at its
    end. A name such as "태연 (TAEYEON)" is found by each of its forms (`name_forms`).

    Args:
        names: The names, such as those of artists; a name is known by its position among them.
    """

    def __init__(self, names: Iterable[str]):
        self._positions = defaultdict(list)
        for position, name in enumerate(names):
            for spelling in {name_key(form) for form in name_forms(name)} - {""}:
                self._positions[spelling].append(position)

    def find(self, title: str) -> dict[int, set[str]]:
        """The names that stand in a title.

        Args:
            title: The title of a playlist.

        Returns:
            For the position of each name the spellings under which the title holds it.
        """
        spellings = defaultdict(set)
        for run in word_runs(title):
            for position in self._positions.get(run, ()):
                spellings[position].add(run)
        return spellings


def word_runs(title: str) -> set[str]:
    """Every run of neighbouring words of a title, written together, with and without a particle at its end."""
    title_words = name_words(title)
    runs = set()
    for start in range(len(title_words)):
        longest_stop = min(start + LONGEST_NAME_WORDS, len(title_words))
        for stop in range(start + 1, longest_stop + 1):
            runs.add("".join(title_words[start:stop]))

    without_particle = {run.removesuffix(particle) for run in runs for particle in PARTICLES}
    return runs | without_particle
