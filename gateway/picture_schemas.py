"""What clients may ask about pictures and what they get, with the bounds of it."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from aiplayer.catalogue import JobState
from gateway.request_fields import GenerationId, Prompt, Request, Title
from gateway.schemas import Problem

Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
PICTURES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"},
}
PNG: dict[str, Any] = {"image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}}}
PICTURE_HEADERS: dict[str, Any] = {
    "X-Model": {"description": "What painted it.", "schema": {"type": "string"}},
    "X-Picture-Job": {
        "description": "The job that brings the picture of a better painter, which is being woken.",
        "schema": {"type": "string", "format": "uuid"},
    },
}
# Generated clients take the one type that they know for all answers, so that of a single picture stands alone.
PICTURE_ANSWERS: dict[str, Any] = {
    "description": "A PNG; with `count` over 1 as many in a JSON list, in base64.",
    "content": PNG,
    "headers": PICTURE_HEADERS,
}


class ThumbnailRequest(Request):
    """Paint 16:9 pictures for a title."""

    title: Title
    generation_id: GenerationId | None = None
    seed: Seed | None = Field(default=None, description="Default: from the title, always the same.")
    negative_prompt: Prompt = Field(
        default="", description="What not to paint besides what the operator excludes, in English."
    )
    overlay: bool = Field(default=False, description="Write the title onto the picture.")
    count: int = Field(default=1, ge=1, le=4, description="More than 1 gives a JSON list of pictures.")


class PainterAnswer(BaseModel):
    """How long a picture takes."""

    picture_s: float = Field(description="Seconds that one picture takes on this device, where nobody else waits.")


class PictureJobAnswer(BaseModel):
    """How far a picture job is. What says nothing is left out."""

    job_id: UUID
    state: JobState
    share: float = Field(ge=0, le=1, description="The share of all its pictures that is painted.")
    seconds_left: float | None = Field(default=None, description="By the pace so far, where that is known.")
    pictures: list[str] | None = Field(
        default=None, description="PNGs in base64, once the job is done.", json_schema_extra=PICTURES
    )
    stand_in: list[str] | None = Field(
        default=None,
        description="In the answer to POST, where the painter is being woken: PNGs of the scene painter until then.",
        json_schema_extra=PICTURES,
    )
    error: Problem | None = Field(default=None, description="Why it failed.")
