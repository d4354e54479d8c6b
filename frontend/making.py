"""What the page asks of the service to make a playlist: songs first, then the picture."""

import zlib

from frontend import painting
from frontend.client import ServiceClient, ServiceError
from frontend.state import Creation, Wish

# A picture that takes no longer is waited for; beside a longer one the page goes on.
QUICK_PICTURE_S = 2.0
WAITED_FOR_S = 4.0


def choose_songs(client: ServiceClient, wish: Wish) -> Creation:
    """The songs and tags for a wish, not yet painted.

    Args:
        client: The service.
        wish: What to make.

    Raises:
        ServiceError: the service refused or did not answer.
    """
    answer = client.recommend(
        wish.title,
        playlist_ids=wish.playlist_ids,
        similarity=wish.similarity,
        song_count=wish.song_count,
        ignore=wish.ignored,
    )
    return Creation(wish, answer["songs"], answer["tags"], answer["generation_id"])


def expected_wait_s(client: ServiceClient) -> float:
    """Seconds that a picture takes; 0 where the service does not say, for what is wrong shows when it paints."""
    try:
        return client.picture_s()
    except ServiceError:
        return 0.0


def begin_painting(client: ServiceClient, creation: Creation) -> None:
    """Have the thumbnail painted, in place of one that is being painted; where that fails the creation says why.

    Songs and any earlier picture stay.
    """
    stop_painting(client, creation)
    options = {"generation_id": creation.generation_id, "overlay": creation.has_title_on_it}
    if creation.repaints:
        seed_text = f"{creation.wish.title} {creation.repaints}"
        options["seed"] = zlib.crc32(seed_text.encode())

    creation.wants_painting = False
    creation.thumbnail_problem = None
    try:
        creation.painting = painting.begin(client, creation.wish.title, **options)
        creation.thumbnail = creation.painting.stand_in or creation.thumbnail
        creation.picture_s = expected_wait_s(client)
    except ServiceError as error:
        creation.thumbnail_problem = error


def wait_for_quick_picture(client: ServiceClient, creation: Creation) -> None:
    """Wait for a thumbnail that does not take long; a slow one goes on being painted."""
    if creation.painting is None or creation.painting.stand_in or creation.picture_s > QUICK_PICTURE_S:
        return
    for _ in painting.follow(client, creation.painting, WAITED_FOR_S):
        _take_over(creation)


def look_after_painting(client: ServiceClient, creation: Creation) -> None:
    """See how far the thumbnail is, and take it over once it is painted."""
    if creation.painting is not None:
        painting.look(client, creation.painting)
        _take_over(creation)


def stop_painting(client: ServiceClient, creation: Creation) -> None:
    """Have the thumbnail painted no further."""
    if creation.painting is not None:
        painting.stop(client, creation.painting)
        creation.painting = None


def _take_over(creation: Creation) -> None:
    """Keep what came of a painting that is over."""
    if creation.painting is None or not creation.painting.is_over:
        return
    creation.thumbnail = creation.painting.png or creation.thumbnail
    creation.thumbnail_problem = creation.painting.problem
    creation.painting = None
