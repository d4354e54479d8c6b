"""What a title says of a picture: from its mentions to the choices of a scene."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aiplayer.text import is_hangul
from aiplayer.thumbnails.looks import looks_by_name
from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, INDOOR_PLACES, PLACES
from aiplayer.thumbnails.word_search import without_choices
from aiplayer.titles.reading.mentions import Kind, Mention

# What a title may only mean by chance is not painted.
LEAST_SURE = 0.5
ATTRIBUTE_KINDS = {Kind.PLACE: "place", Kind.HOUR: "hour", Kind.WEATHER: "weather", Kind.SEASON: "season"}
# A thing decides more of a picture than an occasion does, and so on; a prompt says only the first few looks.
LOOK_KINDS = (Kind.THING, Kind.OCCASION, Kind.ACTIVITY, Kind.MOOD, Kind.GENRE, Kind.ERA)


@dataclass(frozen=True)
class TitleScene:
    """What a title says of a picture; what it leaves open is drawn by the painter.

    Attributes:
        choices: Choices of `scene_words`, by attribute.
        elements: Things that the picture has to show, in the order of the title.
        others: Things that the painter cannot show, but other models can.
        view: The outdoor place before the window of the indoor place that the title names too.
        refused: Choices and elements that the title does not want.
        looks: Names of `looks.toml`, for what is open.
        guessed: The attributes of `choices` that the title did not name itself.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    elements: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    view: str | None = None
    refused: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    guessed: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """All choices and elements that the picture shows."""
        view = {self.view} if self.view else set()
        return frozenset(self.choices.values()) | frozenset(self.elements) | view

    @property
    def named(self) -> dict[str, str | list[str]]:
        """What the title itself said, by attribute, with "elements" where it named things."""
        named: dict[str, str | list[str]] = {
            attribute: choice for attribute, choice in self.choices.items() if attribute not in self.guessed
        }
        if self.elements:
            named["elements"] = list(self.elements)
        return named

    def with_guesses(self, guesses: Mapping[str, str]) -> "TitleScene":
        """The scene with guesses, where the title names nothing of the picture; beside what it names they rarely fit.

        Args:
            guesses: A choice of `scene_words` for some attributes.
        """
        if self.choices or self.elements or self.looks:
            return self

        chosen = {
            attribute: choice
            for attribute, choice in guesses.items()
            if attribute in ATTRIBUTES and choice not in self.refused
        }
        return replace(self, choices=chosen, guessed=frozenset(chosen))


def title_scene(title: str, mentions: Iterable[Mention]) -> TitleScene:
    """What a title says of a picture.

    A title that names several hours, weathers or seasons is painted in the first one. Of several places an indoor one
    is painted, with the other before its window; of outdoor ones the last in Korean, where the head of a phrase comes
    last, and else the first. A crescent is a moon too.

    Args:
        title: The title.
        mentions: What it names; several values of one span, such as "subway" and "city", may stand for one word, and
            those that the painter has no word for are left out.
    """
    sure = sorted((mention for mention in mentions if mention.sure >= LEAST_SURE), key=lambda mention: mention.span)
    refused = tuple(dict.fromkeys(mention.value for mention in sure if not mention.wanted and _is_painted(mention)))
    wanted = [mention for mention in sure if mention.wanted and mention.value not in refused]

    choices = {}
    for kind, attribute in ATTRIBUTE_KINDS.items():
        values = list(_painted_values(wanted, kind, ATTRIBUTES[attribute]))
        if values and kind is not Kind.PLACE:
            choices[attribute] = values[0]
    place, view = _place_and_view(wanted, title)
    if place:
        choices = {"place": place} | choices

    elements = tuple(_painted_values(wanted, Kind.THING, ELEMENTS))
    if "crescent" in elements and "moon" not in elements:
        elements += ("moon",)
    things = dict.fromkeys(mention.value for mention in wanted if mention.kind is Kind.THING)
    # "palm trees" would be read as a forest.
    others = tuple(thing for thing in things if thing not in ELEMENTS and without_choices(thing, kept=()) == thing)
    looks = tuple(_look_names(wanted))
    return TitleScene(choices, elements, others, view, refused, looks)


def _is_painted(mention: Mention) -> bool:
    """Whether the painter has a word for what is mentioned."""
    if mention.kind is Kind.THING:
        return mention.value in ELEMENTS
    return mention.kind in ATTRIBUTE_KINDS and mention.value in ATTRIBUTES[ATTRIBUTE_KINDS[mention.kind]]


def _painted_values(mentions: Sequence[Mention], kind: Kind, words: Sequence[str]) -> Iterator[str]:
    """The painter's words for one kind of mentions, in their order, each once."""
    values = [mention.value for mention in mentions if mention.kind is kind and mention.value in words]
    yield from dict.fromkeys(values)


def _place_and_view(mentions: Sequence[Mention], title: str) -> tuple[str | None, str | None]:
    """The place of a picture, and what is seen through its window; None for what no mention names."""
    is_korean = any(map(is_hangul, title))
    if is_korean:
        # The sort is stable: of several values of one word the first stays before the others.
        mentions = sorted(mentions, key=lambda mention: -mention.span[0])

    places = list(_painted_values(mentions, Kind.PLACE, PLACES))
    indoor = next((place for place in places if place in INDOOR_PLACES), None)
    outdoor = next((place for place in places if place not in INDOOR_PLACES), None)
    return (indoor, outdoor) if indoor else (outdoor, None)


def _look_names(mentions: Sequence[Mention]) -> Iterator[str]:
    """The looks that are mentioned, those of the kinds that decide more first, each once."""
    for kind in LOOK_KINDS:
        for mention in mentions:
            name = _decade(mention.value) if kind is Kind.ERA else mention.value.lower()
            if mention.kind is kind and name in looks_by_name():
                yield name


def _decade(era: str) -> str:
    """The decade in which an era such as "1990-1999" begins: "1990s"."""
    return f"{era[:3]}0s"
