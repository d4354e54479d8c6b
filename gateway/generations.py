"""What was recommended before, and its picture, by an address: for links, and for whatever keeps pictures on the way.

The app that includes `router` holds the `PictureMaker` as `state.pictures` and the `CatalogueCalls` as
`state.catalogue`.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from aiplayer.errors import NotFound
from gateway.bodies import JSONRoute
from gateway.picture_schemas import PICTURE_HEADERS, PNG, Seed, ThumbnailRequest
from gateway.schemas import GenerationAnswer, GivenSong
from gateway.stand_in import picture_headers

PATH = "/generations"
# The same address shows the same picture for a day; by then the models may be others.
KEPT = "public, max-age=86400"

router = APIRouter(route_class=JSONRoute)


@router.get(PATH + "/{generation_id}")
async def generation(generation_id: UUID, request: Request) -> GenerationAnswer:
    """A playlist as it was recommended; songs that have left the catalogue are missing."""
    catalogue = request.app.state.catalogue
    given = await catalogue.generation(generation_id)
    songs = {song.song_id: song for song in await catalogue.songs([song["song_id"] for song in given.songs])}
    return GenerationAnswer(
        generation_id=generation_id,
        title=given.title,
        playlist_ids=given.seed_playlists,
        songs=[
            GivenSong.model_validate(vars(songs[song["song_id"]]) | {name: song[name] for name in ("score", "source")})
            for song in given.songs
            if song["song_id"] in songs
        ],
        tags=given.tags,
    )


@router.get(
    PATH + "/{generation_id}/thumbnail",
    response_class=Response,
    responses={200: {"content": PNG, "headers": PICTURE_HEADERS}},
)
async def generation_picture(
    generation_id: UUID,
    request: Request,
    seed: Annotated[Seed | None, Query(description="Default: from the title, always the same.")] = None,
    overlay: Annotated[bool, Query(description="Write the title onto the picture.")] = False,
) -> Response:
    """The 16:9 PNG of a playlist that was recommended."""
    generation = await request.app.state.catalogue.generation(generation_id)
    if not generation.title:
        # It was removed by `training.retention`, and the songs stayed.
        raise NotFound(
            f"The title of the generation {generation_id} was removed, so no picture can be painted for it.",
            code="title_removed",
            field="generation_id",
        )
    asked = ThumbnailRequest(title=generation.title, generation_id=generation_id, seed=seed, overlay=overlay)
    pictures, better_job = await request.app.state.pictures.make(asked)

    (picture,) = pictures.values()
    headers = picture_headers(pictures, better_job) | {"Cache-Control": "no-store" if better_job else KEPT}
    return Response(picture.png, headers=headers, media_type="image/png")
