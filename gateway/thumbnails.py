"""From a wish for pictures to PNGs: what the runner could not paint is tried once more, with another seed."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from aiplayer.errors import AIPlayerError, TooBusy, TooSlow, Unavailable
from aiplayer.thumbnails.request import FinishedPicture, PictureWish

Paint = Callable[[list[PictureWish]], Awaitable[Sequence[FinishedPicture | BaseException]]]
SEED_COUNT = 2**32
# What no other seed mends, and what is wrong with the runner, not with the picture.
WITHOUT_A_SECOND_TRY = (TooBusy, TooSlow, Unavailable)


async def paint_pictures(paint: Paint, first: PictureWish, count: int) -> dict[int, FinishedPicture]:
    """Paint a wish with seeds that follow one another.

    A picture that could not be painted gets a second try with a seed that none of the others has. One that fails again
    is left out, so that it costs nobody the others.

    Args:
        paint: Asks the runner, which answers each wish with a picture or with the reason why there is none.
        first: The wish for the first picture.
        count: How many pictures to paint.

    Returns:
        At least one picture, by its seed, in the order of the seeds that were asked for.

    Raises:
        AIPlayerError: not a single one could be painted, the reason of the first; or the runner did not come to one.
    """
    wishes = wishes_of(first, 2 * count)
    tries = await _paint_wishes(paint, wishes[:count])

    failed = [number for number, (_, painted) in enumerate(tries) if _deserves_a_second_try(painted)]
    if failed:
        second_tries = await _paint_wishes(paint, wishes[count : count + len(failed)])
        for number, second_try in zip(failed, second_tries, strict=True):
            tries[number] = second_try

    for _, painted in tries:
        if isinstance(painted, BaseException) and not _deserves_a_second_try(painted):
            raise painted
    pictures = {seed: painted for seed, painted in tries if isinstance(painted, FinishedPicture)}
    if pictures:
        return pictures
    raise next(painted for _, painted in tries if isinstance(painted, BaseException))


def _deserves_a_second_try(painted: FinishedPicture | BaseException) -> bool:
    return isinstance(painted, AIPlayerError) and not isinstance(painted, WITHOUT_A_SECOND_TRY)


async def _paint_wishes(paint: Paint, wishes: list[PictureWish]) -> list[tuple[int, FinishedPicture | BaseException]]:
    """What the runner answers for each wish, beside its seed."""
    painted = await paint(wishes)
    return [(wish.seed, picture) for wish, picture in zip(wishes, painted, strict=True)]


def wishes_of(first: PictureWish, count: int) -> list[PictureWish]:
    """Wishes whose seeds follow one another."""
    return [replace(first, seed=(first.seed + step) % SEED_COUNT) for step in range(count)]


def facts_of(pictures: Mapping[int, FinishedPicture]) -> dict:
    """What is kept of the pictures of a generation: the facts of the first, and the seeds of all.

    Args:
        pictures: At least one picture, by its seed.
    """
    first = next(iter(pictures.values()))
    return first.facts | {"seeds": list(pictures)}


async def longest_wait_s(count: int, first_s: float, picture_s: Callable[[], Awaitable[float]]) -> float:
    """How long pictures may take that are asked for in one request, in seconds.

    Args:
        count: How many.
        first_s: How long one may take.
        picture_s: Tells how long one takes on this device, as it was measured: each more may take so long.
    """
    return first_s if count == 1 else first_s + (count - 1) * await picture_s()


def json_list(pngs: Sequence[bytes]) -> bytes:
    """PNGs as a JSON list of base64 strings."""
    return b'["' + b'","'.join(map(base64.b64encode, pngs)) + b'"]'
