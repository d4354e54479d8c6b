"""What creators say of a generation, over HTTP: a like, the list as they left it, and what they struck out.

The app that includes `router` holds `FeedbackCalls` as `state.feedback`.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.types import Scope

from aiplayer.catalogue import Opinion, Taught
from aiplayer.errors import InvalidInput
from aiplayer.playlist.edits import edits_of
from gateway.bodies import JSONRoute
from gateway.catalogue_calls import CatalogueCalls
from gateway.exposure.clients import Clients
from gateway.feedback_schemas import FeedbackAnswer, FeedbackRequest, MovedSong, ReplacedSong
from gateway.schemas import LikeAnswer, LikeRequest

# So many songs are named in an error.
MOST_NAMED = 5


class FeedbackCalls:
    """What the routes ask for.

    Args:
        catalogue: Keeps what is said.
        clients: Tells who says it.
    """

    def __init__(self, catalogue: CatalogueCalls, clients: Clients) -> None:
        self._catalogue = catalogue
        self._clients = clients

    async def store(self, generation_id: UUID, opinion: Opinion, scope: Scope) -> Taught:
        """Keep what a creator says, and tell all that is known of the generation.

        Raises:
            NotFound: the generation or a song is unknown.
        """
        client = await self._clients.digest(scope)
        return await self._catalogue.set_opinion(generation_id, opinion, client)


router = APIRouter(route_class=JSONRoute)


@router.post("/like")
async def like(body: LikeRequest, request: Request) -> LikeAnswer:
    """Store a like of a generation, or take it back."""
    await _calls(request).store(body.generation_id, Opinion(liked=body.liked), request.scope)
    return LikeAnswer(generation_id=body.generation_id, liked=body.liked)


@router.post("/feedback")
async def feedback(body: FeedbackRequest, request: Request) -> FeedbackAnswer:
    """Store the list as you left it, what you struck out, or a like; what is left out stays as it is."""
    taught = await _calls(request).store(body.generation_id, opinion_of(body), request.scope)
    return feedback_answer(body.generation_id, taught)


def opinion_of(request: FeedbackRequest) -> Opinion:
    """What a request says.

    Raises:
        InvalidInput: it says nothing, or a song is in the list and struck out.
    """
    opinion = Opinion(request.songs, request.removed, request.liked)
    if opinion == Opinion():
        raise InvalidInput("Nothing is said of the generation. Give songs, removed or liked.", code="missing_field")

    both = set(request.songs or ()) & set(request.removed or ())
    if both:
        named = ", ".join(map(str, sorted(both)[:MOST_NAMED]))
        raise InvalidInput(
            f"removed holds {named}, as songs does. Leave each song in one of the two.",
            code="invalid_value",
            field="removed",
        )
    return opinion


def feedback_answer(generation_id: UUID, taught: Taught) -> FeedbackAnswer:
    """What a creator is told of a generation."""
    edits = edits_of(taught.shown, taught.songs, taught.removed)
    return FeedbackAnswer(
        generation_id=generation_id,
        liked=taught.liked,
        songs=taught.songs,
        removed=taught.removed,
        kept=edits.kept,
        added=edits.added,
        replaced=[ReplacedSong.model_validate(replacement) for replacement in edits.replaced],
        moved=[MovedSong(**move._asdict()) for move in edits.moved],
        dropped=edits.dropped,
    )


def _calls(request: Request) -> FeedbackCalls:
    return request.app.state.feedback
