"""The thumbnail model: pictures for English prompts, by the model that the settings name."""

import asyncio
import json
import logging
import os
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Annotated

import bentoml

from aiplayer.batching import Ticket
from aiplayer.cache import Cache, Once
from aiplayer.crossing import Answered, Asked, answer_of
from aiplayer.devices import Part
from aiplayer.settings import Settings
from aiplayer.start_stages import StartStages
from aiplayer.starting import STARTING, repeated
from aiplayer.telemetry.instruments import CacheLookups
from aiplayer.telemetry.process import begin_telemetry
from aiplayer.thumbnails.request import FinishedPicture, PaintedPicture, PictureWish
from runners.batching import SLOW_S
from runners.picture_steps import FINISH, PAINT, TITLE, timed, timed_batch
from runners.placing import take_place
from runners.store import ANSWER, LASTING_CONNECTION, WITHOUT_ACCESS_LINES, presence_of
from runners.watched_batches import WatchedBatches

# Stable Diffusion on a CPU paints one picture in minutes, and others may wait for it. Who waits says how long; what
# nobody waits for any more is ended.
PICTURES_TIMEOUT_S = 86_400
MOST_WAITING = 64
# A batch that takes longer than so many pictures by themselves is slow.
SLOW_PICTURES = 24

logger = logging.getLogger(__name__)


@bentoml.service(
    name="thumbnail",
    traffic={"timeout": PICTURES_TIMEOUT_S},
    runner_connection=LASTING_CONNECTION,
    logging=WITHOUT_ACCESS_LINES,
)
class Thumbnail:
    """Prompts in, PNGs out; which model paints is known to `aiplayer.thumbnails.models` alone.

    A picture that was painted lately is not painted again, and one that several ask for at a time is painted once.
    One that nobody waits for any more is ended at the model's next step.
    """

    def __init__(self) -> None:
        stages = StartStages("thumbnails")
        from aiplayer.thumbnails.finishing import finish, with_title
        from aiplayer.thumbnails.models import paint_all, thumbnail_model, warm_up

        stages.done("import")
        settings = Settings()
        begin_telemetry(settings, "thumbnail")
        # Whoever searches waits less than whoever wants a picture.
        os.nice(settings.thumbnail_niceness)
        take_place(Part.THUMBNAILS, settings)
        with repeated(_tell) as tell:
            model = thumbnail_model(settings, tell)
            stages.done("load")
            self._picture_s = warm_up(model, tell)
            stages.done("warm-up")

        self._finish, self._with_title = timed(FINISH, finish), timed(TITLE, with_title)
        self._finishing = ThreadPoolExecutor(os.cpu_count(), "finishing")
        self._batches: WatchedBatches[PictureWish, PaintedPicture] = WatchedBatches(
            "paint",
            "thumbnail runner",
            timed_batch(PAINT, partial(paint_all, model)),
            ThreadPoolExecutor(1, "thumbnail"),
            model.most_at_once,
            MOST_WAITING,
            item_s=self._picture_s,
            slow_s=max(SLOW_S, SLOW_PICTURES * self._picture_s),
            key_of=_key_of,
        )
        self._pictures: Cache[Hashable, FinishedPicture] = Cache(settings.pictures_kept_bytes, _size)
        self._lookups = CacheLookups("pictures")
        self._under_way: Once[Hashable, FinishedPicture] = Once()
        presence_of("thumbnail").announce()
        stages.tell()

    @bentoml.api
    async def picture_times(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each caller the seconds that a picture takes on this device; told at once, whatever is being painted."""
        return Answered([self._picture_s] * len(asked.items))

    @bentoml.api
    async def shares(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each wish the share of its picture that is painted, 0 to 1; told at once, whatever is being painted."""
        return Answered([self._share(wish) for wish in asked.items])

    @bentoml.api
    async def paint(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each wish a FinishedPicture, or the error that says why there is none."""
        return await answer_of(map(self._picture, asked.items, asked.tickets))

    async def _picture(self, wish: PictureWish, ticket: Ticket) -> FinishedPicture:
        key = _key_of(wish)
        finished = self._pictures.get(key)
        self._lookups.count(hits=finished is not None, misses=finished is None)
        if finished is None:
            untitled = replace(wish, title=None)
            finished = await self._under_way.get(key, partial(self._paint, untitled, ticket))
            self._pictures.put(key, finished)
        if wish.title is None:
            return finished
        return await self._in_thread(self._with_title, finished, wish.title)

    def _share(self, wish: PictureWish) -> float:
        return 1.0 if self._pictures.get(_key_of(wish)) else self._batches.share(wish)

    async def _paint(self, wish: PictureWish, ticket: Ticket) -> FinishedPicture:
        painted = await self._batches.result(wish, ticket)
        return await self._in_thread(self._finish, painted, wish.seed)

    async def _in_thread(self, finish: Callable[..., FinishedPicture], *arguments: object) -> FinishedPicture:
        return await asyncio.get_running_loop().run_in_executor(self._finishing, finish, *arguments)


def _key_of(wish: PictureWish) -> Hashable:
    """What decides how a picture looks, but for the title on it."""
    return wish.prompt, wish.negative_prompt, wish.seed, json.dumps(wish.named, sort_keys=True)


def _size(picture: FinishedPicture) -> int:
    return len(picture.png)


def _tell(words: str) -> None:
    logger.info("%s%s", STARTING, words)
