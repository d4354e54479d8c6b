"""Pictures in the making: asked for, looked after until they are there, and taken back."""

import base64
import math
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from frontend.client import ServiceClient, ServiceError

# A pause is a tenth of the wait so far: it makes no wait much longer, and a long one is asked after once a second.
SHARE_OF_WAIT = 0.1
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.04, 1.0
# A job outlives a service that is started anew; for so long nobody is told that it is away.
MAY_BE_AWAY_S = 60.0


@dataclass
class Painting:
    """A picture in the making.

    Attributes:
        job_id: The service's number for it.
        share: The share that is painted, 0 to 1.
        seconds_left: How long the rest takes, where that is known.
        stand_in: A picture until then, where the painter has to wake first.
        png: The picture, once it is painted.
        problem: Why there will be none.
        away_since_s: When the service has not answered for the first time, by the monotonic clock.
    """

    job_id: str
    share: float = 0.0
    seconds_left: float | None = None
    stand_in: bytes | None = None
    png: bytes | None = None
    problem: ServiceError | None = None
    away_since_s: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is painted, or never will be."""
        return self.png is not None or self.problem is not None


def begin(client: ServiceClient, title: str, **options: object) -> Painting:
    """Have a picture painted.

    Args:
        client: The service.
        title: The playlist's title.
        options: Those of POST /thumbnail, less `count`.

    Raises:
        ServiceError: the service refused or did not answer.
    """
    job = client.begin_picture(title, **options)
    (stand_in,) = job.get("stand_in") or [None]
    return Painting(job["job_id"], stand_in=base64.b64decode(stand_in) if stand_in else None)


def look(client: ServiceClient, painting: Painting) -> None:
    """Ask how far a picture is."""
    try:
        job = client.picture_job(painting.job_id)
    except ServiceError as error:
        now_s = time.monotonic()
        painting.away_since_s = painting.away_since_s or now_s
        if error.code == "unknown_job" or now_s - painting.away_since_s > MAY_BE_AWAY_S:
            painting.problem = error
        return

    painting.away_since_s = None
    painting.share = job["share"]
    painting.seconds_left = job.get("seconds_left")
    if job["state"] == "done":
        painting.png = base64.b64decode(job["pictures"][0])
    elif job["state"] == "failed":
        fault = job["error"]
        painting.problem = ServiceError(fault["message"], fault["code"], fault.get("field"))
    elif job["state"] == "cancelled":
        painting.problem = ServiceError("This picture was cancelled.", "cancelled")


def follow(client: ServiceClient, painting: Painting, most_s: float = math.inf) -> Iterator[Painting]:
    """Look after a picture until it is over, often at first; yields it after every look.

    Args:
        client: The service.
        painting: The picture.
        most_s: It waits no longer than so many seconds.
    """
    waited_s = 0.0
    while True:
        look(client, painting)
        yield painting
        if painting.is_over or waited_s > most_s:
            return

        pause_s = min(max(SHORTEST_PAUSE_S, SHARE_OF_WAIT * waited_s), LONGEST_PAUSE_S)
        time.sleep(pause_s)
        waited_s += pause_s


def stop(client: ServiceClient, painting: Painting) -> None:
    """Take back a picture that nobody waits for any more; where the service is away it may be painted all the same."""
    with suppress(ServiceError):
        client.cancel_picture(painting.job_id)
