"""From the wishes of a request to those of the domain, with the faults that take the whole request to see."""

from collections.abc import Iterable, Sequence

from aiplayer.catalogue import Song
from aiplayer.errors import InvalidInput, NotFound
from aiplayer.playlist.wishes.wish import Length, Wishes, Years
from aiplayer.text import name_key
from gateway.schemas import RecommendRequest

# So many genres are named to whoever asks for one that does not exist.
GENRES_NAMED = 12
SECONDS_A_MINUTE = 60


def wishes_of(request: RecommendRequest, genres: Sequence[str]) -> Wishes:
    """The wishes of a request.

    Args:
        request: The request.
        genres: The genres of the catalogue; needed only where the request names some.

    Raises:
        InvalidInput: a genre does not exist.
    """
    years = request.years
    length = request.length_min
    return Wishes(
        keep=tuple(wish.kept_song for wish in request.keep),
        years=Years(years.first, years.last) if years else None,
        countries=request.countries,
        genres_only=genres_of(request.genres_only, genres),
        length=Length(length * SECONDS_A_MINUTE, request.length_tolerance_s) if length else None,
        artist_gap=request.artist_gap,
        order=request.order,
    )


def check_keep(request: RecommendRequest) -> None:
    """Check the kept songs beside the rest of the request.

    Raises:
        InvalidInput: they have no room in the list, or are to be left out as well.
    """
    if not request.length_min:
        last_place = max((wish.place or 0 for wish in request.keep), default=0)
        needed = max(len(request.keep), last_place)
        if needed > request.song_count:
            raise InvalidInput(
                f"keep needs a list of {needed} songs, and song_count is {request.song_count}. "
                "Ask for more songs, or keep fewer.",
                field="keep",
            )
    refuse_excluded([wish.song_id for wish in request.keep], set(request.exclude_song_ids), "exclude_song_ids")


def refuse_excluded(song_ids: Iterable[int], excluded_ids: set[int], field: str) -> None:
    """Refuse songs that another field leaves out.

    Args:
        song_ids: The kept songs.
        excluded_ids: What is left out.
        field: The name of the field that says so.

    Raises:
        InvalidInput: names such a song.
    """
    both = next((song_id for song_id in song_ids if song_id in excluded_ids), None)
    if both is not None:
        raise InvalidInput(f"keep holds song {both}, which {field} leaves out. Take it out of one.", field="keep")


def check_known(request: RecommendRequest, songs: Sequence[Song]) -> None:
    """Check that the catalogue has all kept songs.

    Raises:
        NotFound: names those that it lacks.
    """
    known = {song.song_id for song in songs}
    missing = [str(wish.song_id) for wish in request.keep if wish.song_id not in known]
    if missing:
        raise NotFound(
            f"No song has the id {', '.join(missing)}. Take ids from the answers of POST /recommend and POST /similar.",
            code="unknown_song",
            field="keep",
        )


def genres_of(names: Iterable[str], genres: Sequence[str]) -> tuple[str, ...]:
    """The genres of the catalogue that are named, as it writes them.

    Raises:
        InvalidInput: one does not exist; the message names some that do.
    """
    by_key = {name_key(genre): genre for genre in genres}
    for name in names:
        if name_key(name) not in by_key:
            some = ", ".join(sorted(genres)[:GENRES_NAMED]) or "none"
            message = f'genres_only names "{name}", which no song has. There are, among others: {some}.'
            raise InvalidInput(message, field="genres_only")
    return tuple(dict.fromkeys(by_key[name_key(name)] for name in names))
