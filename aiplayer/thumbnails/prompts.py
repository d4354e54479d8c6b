"""From what a title says of a picture to an English prompt, and guesses for what it leaves open.

The prompt says the scene, then the looks, then the title itself where it is known in English: "photography, a cafe
window in the rain, jazz mood of warm lamplight and old records, jazz for a rainy day, landscape, 8K uhd".

Guesses are made in the title encoder's own space. Each choice that a scene is made of (a place, an hour, ...) has a few
anchors in English and Korean. A title is guessed to mean the choice whose anchors lie nearest to it, if they lie near
enough and clearly nearer than the others'.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, islice

import numpy as np

from aiplayer.settings import Settings
from aiplayer.thumbnails.looks import look_phrase
from aiplayer.thumbnails.scene_words import ATTRIBUTES, phrase_of
from aiplayer.thumbnails.title_scene import TitleScene
from aiplayer.thumbnails.word_search import find_choices, without_choices

# By attribute: a choice of `scene_words` -> its anchors.
ANCHORS = {
    "place": {
        "city": ("city lights", "downtown city night view", "도시 야경", "도심 빌딩"),
        "street": ("walking down the street", "alley market", "거리를 걷다", "골목길 산책"),
        "sea": ("beach", "ocean waves", "푸른 바다", "해변", "여름 바다"),
        "mountain": ("mountain hiking", "camping in the mountains", "산 정상", "등산", "캠핑"),
        "forest": ("forest", "walk in the woods", "초록 숲", "숲속 산책"),
        "road": ("driving on the highway", "road trip", "드라이브", "고속도로 운전", "여행"),
        "cafe": ("cafe", "coffee shop", "카페", "커피 마시며"),
        "room": ("in my room", "study at home", "bedtime sleep", "내 방", "공부", "잠들기 전 자장가"),
        "fields": ("fields of flowers", "countryside picnic", "들판", "꽃밭 피크닉"),
        "lake": ("lake", "river", "호수", "강가"),
    },
    "hour": {
        "dawn": ("dawn", "before sunrise", "3am", "새벽", "새벽 감성"),
        "morning": ("morning", "wake up", "아침", "모닝 커피", "출근길"),
        "day": ("sunny afternoon", "daytime", "한낮", "햇살 좋은 오후"),
        "sunset": ("sunset", "golden hour evening", "노을", "해질녘", "퇴근길 저녁"),
        "night": ("night", "late night", "midnight", "깊은 밤", "늦은 밤", "한밤중"),
    },
    "weather": {
        "clear": ("clear blue sky", "sunny day", "맑은 날", "화창한 날"),
        "cloudy": ("cloudy day", "흐린 날", "구름 낀 날"),
        "rain": ("rainy day", "when it rains", "비 오는 날", "비가 내릴 때", "장마"),
        "snow": ("snowy day", "first snow", "눈 오는 날", "첫눈"),
        "fog": ("foggy", "misty", "안개 낀 날"),
    },
    "season": {
        "spring": ("spring", "cherry blossoms", "봄날", "벚꽃", "따뜻한 봄"),
        "summer": ("summer", "summer vacation", "여름", "한여름", "무더위"),
        "autumn": ("autumn", "fall leaves", "가을", "낙엽"),
        "winter": ("winter", "cold winter", "Christmas", "겨울", "추운 겨울", "크리스마스"),
    },
    "palette": {
        "warm": ("warm and cozy", "acoustic folk", "jazz", "포근한", "따뜻한", "재즈"),
        "cool": ("sad breakup", "lonely", "calm piano", "슬픈 이별", "외로운", "잔잔한 피아노"),
        "pastel": ("sweet romantic love", "dreamy", "설레는 사랑", "달달한", "몽환적인"),
        "neon": ("party club EDM", "hip hop", "city pop", "클럽 파티", "힙합", "시티팝"),
        "vintage": ("nostalgic old songs", "80s 90s throwback", "추억의 노래", "7080 옛날 노래", "트로트"),
        "vivid": ("happy upbeat energetic", "workout", "신나는", "운동", "행복한 댄스"),
    },
    "elements": {
        "christmas tree": ("Christmas carol", "크리스마스 캐럴"),
        "campfire": ("campfire", "bonfire", "모닥불", "캠핑 불멍"),
        "fireworks": ("fireworks", "불꽃놀이"),
        "stars": ("starry night", "stars in the sky", "별이 빛나는 밤", "별 보는 밤"),
        "moon": ("moonlight", "full moon", "달빛", "보름달"),
        "blossoms": ("cherry blossoms", "벚꽃"),
        "leaves": ("falling leaves", "낙엽", "단풍"),
        "vinyl": ("vinyl records", "LP 바"),
        "train": ("train journey", "기차 여행"),
    },
}
# The least cosine of a choice that a title names, and its least lead over the mean of the others.
LEAST_COSINE = {"place": 0.40, "hour": 0.45, "weather": 0.40, "season": 0.42, "palette": 0.36, "elements": 0.55}
LEAST_LEAD = 0.12
OPEN_SUBJECT = "a scenic landscape"


class SceneReader:
    """Reads what a title says of a scene.

    Args:
        anchors: The embeddings of `anchor_phrases()`, float32 [anchors, size], unit length, by attribute.
    """

    def __init__(self, anchors: Mapping[str, np.ndarray]):
        self._anchors = anchors

    def read(self, title: str, embedding: np.ndarray) -> dict[str, str]:
        """The choices that a title names, by attribute; what it leaves open is left out.

        Args:
            title: The title; one without letters (emoji, numbers) leaves everything open.
            embedding: The title's embedding, float32 [size], unit length.
        """
        if not any(character.isalpha() for character in title):
            return {}

        choices = {}
        for attribute in ANCHORS:
            choice = self._nearest_choice(attribute, embedding)
            if choice is not None:
                choices[attribute] = choice
        return choices

    def _nearest_choice(self, attribute: str, embedding: np.ndarray) -> str | None:
        """The attribute's choice with the nearest anchor, where that is near enough and leads the others."""
        cosines = iter(self._anchors[attribute] @ embedding)
        nearest = {}
        for choice, anchors in ANCHORS[attribute].items():
            nearest[choice] = max(islice(cosines, len(anchors)))

        best = max(nearest, key=nearest.__getitem__)
        best_cosine = nearest.pop(best)
        lead = best_cosine - np.mean(list(nearest.values()))
        return best if best_cosine > LEAST_COSINE[attribute] and lead > LEAST_LEAD else None


def anchor_phrases() -> dict[str, list[str]]:
    """What a scene reader needs the embeddings of, by attribute."""
    return {attribute: list(chain.from_iterable(choices.values())) for attribute, choices in ANCHORS.items()}


def scene_phrase(choices: Mapping[str, str], elements: Iterable[str] = (), view: str | None = None) -> str:
    """A scene in a prompt's words, such as "a cafe window at night in the rain, winter, with moon and stars".

    Args:
        choices: Choices of `scene_words`, by attribute; what is left out stays open.
        elements: Things that the picture shows.
        view: The place that is seen through the window of the place.
    """
    phrases = {attribute: phrase_of(attribute, choice) for attribute, choice in choices.items()}
    phrases.setdefault("place", OPEN_SUBJECT)
    scene = " ".join(phrases[attribute] for attribute in ("place", "hour", "weather") if attribute in phrases)
    with_view = f"view of {phrase_of('place', view)}" if view else ""
    with_elements = f"with {' and '.join(elements)}" if elements else ""
    return joined(scene, with_view, phrases.get("season", ""), phrases.get("palette", ""), with_elements)


def title_prompt(scene: TitleScene, english: str | None, settings: Settings) -> str:
    """The whole prompt of a title.

    Args:
        scene: What the title says of the picture.
        english: The title in English; None where nobody knows it. Its words for what the scene does not hold, such as
            the snow of Snow Patrol, are left out.
        settings: Have the art form, which begins every prompt, and the details, which end it.
    """
    title = without_choices(english or "", kept=scene.words)
    subject = scene_phrase(scene.choices, [*scene.elements, *scene.others], scene.view)
    return joined(settings.thumbnail_art_form, subject, look_phrase(scene.looks), title, settings.thumbnail_details)


def negative_title_prompt(scene: TitleScene, unwanted: str, settings: Settings) -> str:
    """The whole negative prompt of a title: what the operator, the title and the caller do not want, in this order.

    What is too long for a model is cut at the end, so the operator's words come first. Where the title and the caller
    together would leave no choice of an attribute, what the title refuses of it does not count.

    Args:
        scene: What the title says of the picture.
        unwanted: What the caller does not want.
        settings: Have the operator's negative prompt.
    """
    others = find_choices(joined(settings.thumbnail_negative_prompt, unwanted))
    refused = list(scene.refused)
    for attribute, choices in ATTRIBUTES.items():
        if set(choices) <= {*others[attribute], *refused}:
            refused = [word for word in refused if word not in choices]
    return joined(settings.thumbnail_negative_prompt, ", ".join(refused), unwanted)


def joined(*parts: str) -> str:
    """The parts of a prompt, such as art form, subject and details, without empty ones."""
    return ", ".join(filter(None, (part.strip() for part in parts)))
