"""Years, decades and hours in titles, in both languages: "90년대", "the 80s", "7080", "2012년", "새벽 3시", "3am"."""

import re
from collections.abc import Iterator

from aiplayer.titles.reading.mentions import Kind, Mention

FIRST_YEAR, LAST_YEAR = 1920, 2039
# "early 90s", "90년대 초반": the first and the last years of a decade that are meant.
PARTS = {"early": (0, 4), "초": (0, 4), "mid": (3, 6), "중": (3, 6), "late": (5, 9), "후": (5, 9), "말": (5, 9)}

DECADE = re.compile(
    r"(?<![\d.:,])(?:(?P<before>early|mid|late)[\s-]*)?(?P<digits>(?:19|20)?\d0)\s*(?:['’`]?s(?![a-z])|년대|年代)"
    r"(?:\s*(?P<after>[초중후말])(?:반|기)?(?![가-힣]))?",
    re.IGNORECASE,
)
# "7080", "8090", "80-90년대", "80~90s".
DECADES = re.compile(
    r"(?<![\d.:,])(?P<first>[5-9]0|[0-2]0)\s*[-~&,·/]?\s*(?P<last>[5-9]0|[0-2]0)(?:\s*(?:년대|s))?(?!\d)"
)
YEARS = re.compile(r"(?<![\d.:,])(?P<first>(?:19|20)\d\d)\s*[-~–]\s*(?P<last>(?:19|20)\d\d)(?!\d)")
YEAR = re.compile(r"(?<![\d.:,])(?P<year>(?:19|20)\d\d)(?=\s*년(?![대생])|(?![\d년]))")
SHORT_YEAR = re.compile(r"(?<![\d.:,])(?P<year>\d\d)\s*년(?![대생]|\s*(?:동안|간|만|차|째|전|뒤|후|이상))")

CLOCK = re.compile(
    r"(?<![\d.:])(?P<part>새벽|아침|오전|낮|오후|저녁|밤)?\s*(?P<hour>1[0-9]|2[0-4]|[0-9])(?::\d\d)?\s*"
    r"(?P<unit>a\.?m\b\.?|p\.?m\b\.?|시(?!간|즌|절|작|대|티))",
    re.IGNORECASE,
)
HOURS = {
    "dawn": range(1, 6),
    "morning": range(6, 11),
    "day": range(11, 17),
    "sunset": range(17, 20),
}


def eras_in(title: str) -> Iterator[Mention]:
    """The years that a title gives in digits, each stretch of the title once, the longest pattern first."""
    rest = title
    for pattern, years in (
        (YEARS, _span_of_years),
        (DECADES, _span_of_decades),
        (DECADE, _decade),
        (YEAR, _year),
        (SHORT_YEAR, _short_year),
    ):
        for match in pattern.finditer(rest):
            first, last = years(match)
            if FIRST_YEAR <= first <= last <= LAST_YEAR:
                yield Mention(Kind.ERA, f"{first}-{last}", match.span())
                rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]


def hours_in(title: str) -> Iterator[Mention]:
    """The hours that a title gives in digits, as parts of the day."""
    for match in CLOCK.finditer(title):
        hour = _hour_of_day(match)
        if hour <= 24:
            yield Mention(Kind.HOUR, _part_of_day(hour % 24), match.span())


def _span_of_years(match: re.Match) -> tuple[int, int]:
    return int(match["first"]), int(match["last"])


def _span_of_decades(match: re.Match) -> tuple[int, int]:
    first, last = _full_year(match["first"]), _full_year(match["last"])
    return (first, last + 9) if first < last else (0, 0)


def _decade(match: re.Match) -> tuple[int, int]:
    year = _full_year(match["digits"])
    part = (match["before"] or match["after"] or "").lower()
    first, last = PARTS.get(part, (0, 9))
    return year + first, year + last


def _year(match: re.Match) -> tuple[int, int]:
    year = int(match["year"])
    return year, year


def _short_year(match: re.Match) -> tuple[int, int]:
    year = _full_year(match["year"])
    return year, year


def _full_year(digits: str) -> int:
    """A year of four digits, or of two: "80" is 1980, "10" is 2010."""
    year = int(digits)
    if year >= 100:
        return year
    return 1900 + year if year >= 30 else 2000 + year


def _hour_of_day(match: re.Match) -> int:
    """The hour, 0 to 24 or more."""
    hour = int(match["hour"])
    unit = match["unit"].lower()
    part = match["part"]
    is_afternoon = unit.startswith("p") or part in ("오후", "저녁") or (part == "밤" and hour >= 6)
    if unit.startswith("a") or part in ("새벽", "오전", "아침"):
        return hour % 12 if hour == 12 else hour
    if is_afternoon or (part == "낮" and hour < 6):
        return hour % 12 + 12 if hour <= 12 else hour
    return hour


def _part_of_day(hour: int) -> str:
    for part, hours in HOURS.items():
        if hour in hours:
            return part
    return "night"
