"""From a wish for pictures to PNGs: what the runner could not paint is tried once more, with another seed."""

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from aiplayer.thumbnails.overlay import lay_title
from aiplayer.thumbnails.pictures import to_png
from aiplayer.thumbnails.request import PaintedPicture, PictureWish

Paint = Callable[[list[PictureWish]], Awaitable[list[PaintedPicture]]]
SEED_COUNT = 2**32


async def paint_pictures(paint: Paint, first: PictureWish, count: int) -> dict[int, PaintedPicture]:
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
        AIPlayerError: not a single one could be painted; the reason of the first.
    """
    seeds = [(first.seed + step) % SEED_COUNT for step in range(2 * count)]
    tries = await _paint_seeds(paint, first, seeds[:count])

    failed = [number for number, (_, painted) in enumerate(tries) if painted.picture is None]
    if failed:
        spare_seeds = seeds[count : count + len(failed)]
        second_tries = await _paint_seeds(paint, first, spare_seeds)
        for number, second_try in zip(failed, second_tries, strict=True):
            tries[number] = second_try

    refusals = [painted.refusal for _, painted in tries if painted.refusal]
    if len(refusals) == count:
        raise refusals[0]
    return {seed: painted for seed, painted in tries if painted.picture is not None}


async def _paint_seeds(paint: Paint, first: PictureWish, seeds: Sequence[int]) -> list[tuple[int, PaintedPicture]]:
    """What the runner answers for each seed, beside the seed."""
    wishes = [replace(first, seed=seed) for seed in seeds]
    painted = await paint(wishes)
    return list(zip(seeds, painted, strict=True))


def finished_png(painted: PaintedPicture, title: str | None, seed: int) -> bytes:
    """The PNG of a picture that was painted.

    Args:
        painted: The picture, with what its PNG says of it.
        title: The title to write on it; None for none.
        seed: The picture's seed.

    Raises:
        AIPlayerError: it was not painted.
    """
    picture = painted.required()
    if title is not None:
        picture = lay_title(picture, title)
    return to_png(picture, painted.facts | {"seed": str(seed)})


def json_list(pngs: Sequence[bytes]) -> bytes:
    """PNGs as a JSON list of base64 strings."""
    return b'["' + b'","'.join(map(base64.b64encode, pngs)) + b'"]'
