"""What the page asks of the service to make a playlist: songs first, then the picture."""

import zlib

from frontend.client import ServiceClient, ServiceError
from frontend.state import Creation, Wish


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


def paint(client: ServiceClient, creation: Creation, picture_s: float) -> None:
    """Paint the thumbnail; where that fails the songs and any earlier picture stay, and the creation says why.

    Args:
        client: The service.
        creation: What is painted for.
        picture_s: Seconds that a picture takes.
    """
    options = {"generation_id": creation.generation_id, "overlay": creation.has_title_on_it}
    if creation.repaints:
        seed_text = f"{creation.wish.title} {creation.repaints}"
        options["seed"] = zlib.crc32(seed_text.encode())

    creation.thumbnail_problem = None
    try:
        creation.thumbnail = client.thumbnail(creation.wish.title, picture_s, **options)
    except ServiceError as error:
        creation.thumbnail_problem = error
    creation.wants_painting = False
