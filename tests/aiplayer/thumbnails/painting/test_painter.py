"""A picture repeats with its seed, shows its scene, and stays small enough for a thumbnail."""

import functools
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.painting import Scene, paint, painter
from aiplayer.thumbnails.painting.outdoors import BEST_VIEWS
from aiplayer.thumbnails.scene_words import ELEMENTS, INDOOR_PLACES, PLACES

pytestmark = pytest.mark.heavy

LAKE = Scene("lake", "day", "clear", "summer", "warm")


def brightness(picture: np.ndarray) -> float:
    """Return the mean luma of a picture, 0 to 255."""
    return float((picture @ np.array([0.299, 0.587, 0.114])).mean())


@functools.cache
def paint_once(scene: Scene, seed: int, width_px: int, height_px: int) -> np.ndarray:
    """A picture that several tests look at."""
    return paint(scene, seed, width_px, height_px)


def redness(picture: np.ndarray) -> float:
    """Return by how much red outweighs blue on average."""
    return float(picture[..., 0].mean() - picture[..., 2].mean())


def test_the_same_seed_gives_the_same_bytes():
    first, second = paint(LAKE, 5), paint(LAKE, 5)
    assert first.shape == (720, 1280, 3)
    assert first.dtype == np.uint8
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("place", PLACES)
def test_other_seeds_give_other_compositions(place):
    scene = replace(LAKE, place=place)
    small = [paint(scene, seed, 160, 90).astype(float) for seed in (1, 2)]
    assert np.abs(small[0] - small[1]).mean() > 8


@pytest.mark.parametrize("place", PLACES)
def test_night_is_darker_than_sunset_and_sunset_than_day(place):
    scene = replace(LAKE, place=place)
    hours = ("night", "sunset", "day")
    night, sunset, day = (brightness(paint_once(replace(scene, hour=hour), 3, 320, 180)) for hour in hours)
    assert night < sunset < day


@pytest.mark.parametrize("place", ["city", "sea", "mountain", "road", "fields", "lake", "street", "forest"])
def test_sunset_is_redder_than_day(place):
    scene = replace(LAKE, place=place)
    sunset, day = (redness(paint_once(replace(scene, hour=hour), 3, 320, 180)) for hour in ("sunset", "day"))
    assert sunset > day + 25


@pytest.mark.parametrize("place", ["street", "mountain", "forest", "road", "fields"])
def test_snow_lies_white_where_summer_is_green(place):
    summer = paint_once(replace(LAKE, place=place), 3, 320, 180)[130:].astype(float)
    snow = paint_once(replace(LAKE, place=place, season="winter", weather="snow"), 3, 320, 180)[130:].astype(float)
    assert brightness(snow) > brightness(summer) + 20
    assert np.ptp(snow.mean((0, 1))) < 45


@pytest.mark.parametrize("weather", ["rain", "snow", "fog"])
def test_weather_takes_contrast_or_light_from_a_clear_day(weather):
    scene = replace(LAKE, place="mountain")
    clear, other = (paint_once(replace(scene, weather=name), 3, 320, 180).astype(float) for name in ("clear", weather))
    assert np.abs(clear - other).mean() > 15


def test_the_moon_is_there_only_when_asked_for():
    night = replace(LAKE, hour="night")
    without, moonlit = paint(night, 3, 640, 360), paint(replace(night, elements=frozenset({"moon"})), 3, 640, 360)
    assert (without[:150].min(axis=2) > 200).sum() == 0
    assert (moonlit[:150].min(axis=2) > 200).sum() > 400


AT_NIGHT = {"moon", "crescent", "stars", "fireworks", "campfire", "lanterns"}
SEASONS_OF_ELEMENTS = {"blossoms": "spring", "leaves": "autumn", "christmas tree": "winter"}
# Small things at small sizes: 115 of 57,600 pixels.
LEAST_SHOWN = 0.002


def visible_share(scene: Scene, element: str, seed: int) -> float:
    """The share of pixels that an element changes."""
    elements = {"moon", "crescent"} if element == "crescent" else {element}
    bare = paint_once(scene, seed, 320, 180).astype(int)
    shown = paint(replace(scene, elements=frozenset(elements)), seed, 320, 180).astype(int)
    return float((np.abs(bare - shown).max(axis=2) > 20).mean())


@pytest.mark.parametrize("place", PLACES)
def test_every_element_shows_at_every_place(place, monkeypatch):
    monkeypatch.setattr(painter, "PAINTED_HEIGHT_PX", 300)
    hidden = {}
    for number, element in enumerate(ELEMENTS):
        hour = "night" if element in AT_NIGHT else "day"
        weather = "rain" if element == "umbrella" else "clear"
        scene = Scene(place, hour, weather, SEASONS_OF_ELEMENTS.get(element, "summer"), "warm")
        if place in INDOOR_PLACES:
            # The same view with and without the element.
            scene = replace(scene, view=BEST_VIEWS.get(element, "city"))
        seed = 3 + number % 2
        share = visible_share(scene, element, seed)
        if share < LEAST_SHOWN:
            hidden[element, seed] = round(share, 4)
    assert hidden == {}


@pytest.mark.parametrize("weather", ["rain", "snow", "fog", "cloudy"])
@pytest.mark.parametrize("element", ["moon", "stars", "fireworks"])
def test_what_is_named_in_the_sky_shows_in_any_weather(element, weather):
    scene = Scene("sea", "night", weather, "winter", "cool")
    assert visible_share(scene, element, 3) > LEAST_SHOWN


@pytest.mark.parametrize("hour", ["dawn", "morning", "day", "sunset"])
@pytest.mark.parametrize("weather", ["clear", "cloudy"])
def test_a_moon_that_is_named_shows_by_day_too(hour, weather):
    scene = Scene("lake", hour, weather, "winter", "pastel")
    assert min(visible_share(scene, element, 3) for element in ("moon", "crescent")) > LEAST_SHOWN


def test_the_moon_is_full_but_for_a_crescent():
    night = replace(LAKE, hour="night")
    areas = []
    for elements in ({"moon"}, {"moon", "crescent"}):
        picture = paint(replace(night, elements=frozenset(elements)), 3, 640, 360)
        areas.append((picture[:150].min(axis=2) > 200).sum())
    full, crescent = areas
    assert 30 < crescent < 0.5 * full


def test_a_window_shows_the_view_that_is_named():
    cafe = Scene("cafe", "day", "clear", "summer", "warm", view="sea")
    sea, street = (paint(replace(cafe, view=view), 3, 320, 180).astype(int) for view in ("sea", "street"))
    assert np.abs(sea - street)[20:130, 40:280].mean() > 15
    with pytest.raises(InvalidInput, match="view 'room' is not in the scene's vocabulary"):
        replace(cafe, view="room")


@pytest.mark.parametrize(
    ("place", "hour", "weather", "season", "palette"),
    [
        ("city", "night", "rain", "autumn", "neon"),
        ("street", "night", "snow", "winter", "vivid"),
        ("sea", "sunset", "clear", "summer", "vivid"),
        ("mountain", "morning", "snow", "winter", "cool"),
        ("forest", "day", "rain", "spring", "pastel"),
        ("road", "dawn", "cloudy", "autumn", "warm"),
        ("cafe", "night", "rain", "winter", "warm"),
        ("room", "day", "clear", "spring", "vintage"),
        ("fields", "day", "rain", "summer", "vivid"),
        ("lake", "night", "snow", "winter", "pastel"),
    ],
)
def test_a_picture_stays_under_1600_kilobytes(place, hour, weather, season, palette):
    scene = Scene(place, hour, weather, season, palette, frozenset({"stars", "lanterns", "leaves", "blossoms"}))
    buffer = io.BytesIO()
    Image.fromarray(paint(scene, 9)).save(buffer, "png", compress_level=4)
    assert buffer.tell() < 1_600_000


def test_a_small_picture_is_the_large_one_shrunk():
    large = np.asarray(Image.fromarray(paint(LAKE, 2)).resize((320, 180), Image.Resampling.BOX)).astype(float)
    assert np.abs(large - paint(LAKE, 2, 320, 180)).mean() < 2


@pytest.mark.parametrize(("width_px", "height_px"), [(64, 64), (333, 777), (1500, 101), (1920, 1080)])
@pytest.mark.parametrize("place", ["street", "room"])
def test_any_size_is_painted(place, width_px, height_px):
    assert paint(replace(LAKE, place=place), 1, width_px, height_px).shape == (height_px, width_px, 3)


@pytest.mark.parametrize(("size", "field"), [((63, 720), "width_px"), ((1280, 10), "height_px")])
def test_a_picture_too_small_is_refused(size, field):
    with pytest.raises(InvalidInput, match="ask for at least 64 pixels") as caught:
        paint(LAKE, 1, *size)
    assert caught.value.field == field
    assert caught.value.code == "picture_too_small"
