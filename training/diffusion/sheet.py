"""Titles as each model paints them, side by side on one picture, for a person to judge."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from aiplayer.files import whole_file
from aiplayer.settings import Settings
from aiplayer.thumbnails.models import PictureWish, ThumbnailModel
from aiplayer.thumbnails.pictures import fill
from aiplayer.thumbnails.prompts import SceneReader, anchor_phrases, title_prompt
from aiplayer.thumbnails.title_font import TitleFont, drawable
from aiplayer.thumbnails.title_scene import title_scene
from aiplayer.titles import encoder as title_encoder
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.reader import TitleReader
from aiplayer.titles.transformer import TiledTransformer
from training.diffusion.judging import models_of, painted

TITLES = (
    "비 오는 날 창밖을 보며 듣는 재즈",
    "새벽에 혼자 듣는 노래",
    "한여름 바다로 떠나는 드라이브",
    "퇴근길 노을과 함께",
    "눈 오는 겨울밤",
    "벚꽃 피는 봄날의 산책",
    "가을 낙엽 밟으며",
    "카페에서 공부할 때",
    "별이 빛나는 밤 캠핑",
    "도시의 밤, 시티팝",
    "잠들기 전 잔잔한 피아노",
    "월요일 출근길을 신나게",
    "이별 후에 듣는 발라드",
    "첫눈 오는 날 설레는 노래",
    "안개 낀 숲속 아침",
    "크리스마스 캐럴 모음",
    "장마철 감성 인디",
    "호숫가에서 쉬는 오후",
    "산 정상에서 듣는 음악",
    "불꽃놀이 보러 가자",
    "Rainy night in the city",
    "Summer road trip",
    "Lo-fi beats to study to",
    "Sunset at the beach",
    "Snowy mountain morning",
    "Autumn walk in the forest",
    "Late night drive",
    "Coffee shop jazz",
    "Spring picnic in the fields",
    "Foggy lake at dawn",
    "Neon city nights, synthwave",
    "Winter evening by the fireplace",
    "Cherry blossoms and sweet love songs",
    "Stargazing by the campfire",
    "Ocean waves for deep sleep",
    "Walking down old streets in Paris",
    "Cloudy Sunday, acoustic folk",
    "Happy morning wake up songs",
    "Moonlight piano",
    "BTS, IU, NewJeans",
)
COLUMNS = 4
WIDTH_PX = 256
HEIGHT_PX = 144
# Between the pictures of one title, between titles, and of the line that holds a title.
INNER_GAP_PX = 2
GAP_PX = 6
LINE_PX = 26
FONT_PX = LINE_PX * 2 // 3
PAPER = (255, 255, 255)
INK = (30, 30, 30)
JPEG_QUALITY = 85


def prompts_of(titles: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray], settings: Settings) -> list[str]:
    """The prompt of each title, as the service writes it where no translator answers.

    Args:
        titles: Titles in any language.
        encode: The title encoder: titles -> float32 [titles, size], unit length.
        settings: The settings, which have the art form and the details of prompts.
    """
    anchors = {attribute: encode(phrases) for attribute, phrases in anchor_phrases().items()}
    reader = SceneReader(anchors)

    title_reader = TitleReader(ArtistNames([]))

    prompts = []
    for title, embedding in zip(titles, encode(titles), strict=True):
        scene = title_scene(title, title_reader.read(title).mentions)
        guesses = reader.read(title, embedding)
        prompts.append(title_prompt(scene.with_guesses(guesses), None, settings))
    return prompts


def contact_sheet(
    titles: Sequence[str], prompts: Sequence[str], models: Sequence[ThumbnailModel], negative_prompt: str = ""
) -> Image.Image:
    """A cell for each title: under its words one picture of each model, in the order of the models.

    Args:
        titles: What stands over the pictures.
        prompts: The prompt of each title.
        models: The models, each of which paints every prompt; a title's place is the seed.
        negative_prompt: The negative prompt of all pictures.
    """
    cell_width_px = len(models) * (WIDTH_PX + INNER_GAP_PX) + GAP_PX
    cell_height_px = LINE_PX + HEIGHT_PX + GAP_PX
    rows = math.ceil(len(titles) / COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * cell_width_px + GAP_PX, rows * cell_height_px + GAP_PX), PAPER)
    drawing = ImageDraw.Draw(sheet)
    font = TitleFont(FONT_PX)

    for number, (title, prompt) in enumerate(zip(titles, prompts, strict=True)):
        row, column = divmod(number, COLUMNS)
        left = column * cell_width_px + GAP_PX
        top = row * cell_height_px + GAP_PX
        font.draw(drawing, left, top, drawable(title), fill=INK)

        wish = PictureWish(prompt=prompt, negative_prompt=negative_prompt, seed=number)
        for model in models:
            (picture,) = painted(model.paint, [wish])
            sheet.paste(Image.fromarray(fill(picture, WIDTH_PX, HEIGHT_PX)), (left, top + LINE_PX))
            left += WIDTH_PX + INNER_GAP_PX
    return sheet


def paint_sheet(settings: Settings, file: Path) -> None:
    """Write the contact sheet of TITLES by the scene painter and by the model of the settings, where that is another.

    Args:
        settings: The settings that name the model.
        file: The JPEG to write; an older one is replaced.
    """
    encoder = TiledTransformer(title_encoder.create())
    prompts = prompts_of(TITLES, lambda titles: encoder.embed(list(titles)), settings)
    models = list(models_of(settings).values())
    sheet = contact_sheet(TITLES, prompts, models, settings.thumbnail_negative_prompt)
    with whole_file(file) as draft:
        sheet.save(draft, quality=JPEG_QUALITY)
