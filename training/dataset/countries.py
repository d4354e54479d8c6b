"""What the Melon dataset's genres tell of where a song comes from.

Its codes part domestic from foreign music: GN0300 is Korean hip hop, GN1200 foreign hip hop, and both are called
"랩/힙합". Soundtracks, classical music, jazz and others have one code for all countries, which tells nothing.
"""

from collections.abc import Sequence

from aiplayer.catalogue.tables import ABROAD

# By the first four characters of a code: ballad, dance, rap, R&B, indie, rock, adult, folk; Korean classical, idols.
DOMESTIC_CODES = dict.fromkeys(("GN01", "GN02", "GN03", "GN04", "GN05", "GN06", "GN07", "GN08", "GN24", "GN25"), "KR")
# Pop, rock, rap, R&B, folk and country.
FOREIGN_CODES = dict.fromkeys(("GN09", "GN10", "GN12", "GN13", "GN14"), ABROAD)
COUNTRIES = DOMESTIC_CODES | FOREIGN_CODES | {"GN19": "JP"}
# Another dataset may number its genres alike; it is Melon's where these codes have these names.
MELON_NAMES = {"GN0100": "발라드", "GN0900": "POP"}


def has_melon_codes(genres: dict[str, str]) -> bool:
    """Tell whether a dataset's codes mean what Melon's mean, by the names that it gives them.

    Args:
        genres: Names of genres by their codes.
    """
    return MELON_NAMES.items() <= genres.items()


def country_of(genre_codes: Sequence[str]) -> str | None:
    """Tell a song's country by its genres: "KR", "JP" or ABROAD; None where they tell none, or more than one.

    Args:
        genre_codes: Codes of the Melon dataset.
    """
    countries = {COUNTRIES[code[:4]] for code in genre_codes if code[:4] in COUNTRIES}
    # Japanese pop is foreign pop as well.
    if "JP" in countries:
        countries.discard(ABROAD)
    return countries.pop() if len(countries) == 1 else None
