"""Why a wish is not kept, in a sentence: of what the best songs have too few, or what stood in the way."""

from collections.abc import Sequence
from dataclasses import replace

from aiplayer.playlist.mixing import MixRequest
from aiplayer.playlist.wishes.candidates import Candidate, fits, is_of_genres, is_of_years
from aiplayer.playlist.wishes.certificate import Finding
from aiplayer.playlist.wishes.shares import chosen_count, share_of
from aiplayer.playlist.wishes.wish import OTHER, Wishes


def explained(
    findings: Sequence[Finding], playlist: Sequence[Candidate], candidates: Sequence[Candidate], mixing: MixRequest
) -> list[Finding]:
    """The findings, those of wishes that are not kept with the reason.

    Args:
        findings: What the list keeps.
        playlist: The list.
        candidates: All songs that were ranked for it, and those that had to be kept.
        mixing: What was asked for, with the wishes.
    """
    reasons = Reasons(playlist, candidates, mixing)
    return [finding if finding.kept else replace(finding, why=reasons.why(finding)) for finding in findings]


class Reasons:
    """The reasons for one list.

    Args:
        playlist: The list.
        candidates: All songs that were ranked for it, and those that had to be kept.
        mixing: What was asked for, with the wishes.
    """

    def __init__(self, playlist: Sequence[Candidate], candidates: Sequence[Candidate], mixing: MixRequest):
        self._playlist = playlist
        self._mixing = mixing
        self._wishes = mixing.wishes
        self._ranked = [candidate for candidate in candidates if not candidate.is_kept]
        self._fitting = [candidate for candidate in self._ranked if fits(candidate.song, self._wishes)]

    def why(self, finding: Finding) -> str:
        """The reason for a finding that is not kept."""
        if not self._playlist and finding.wish != "song_count":
            return "the list is empty"
        by_wish = {
            "keep": self._keep,
            "genres_only": self._genres,
            "years": self._years,
            "length_min": self._length,
            "countries": self._countries,
            "artist_gap": self._artist_gap,
            "order": self._order,
            "similarity": self._similarity,
            "songs_per_artist": self._songs_per_artist,
            "song_count": self._song_count,
        }
        return by_wish[finding.wish]()

    def _keep(self) -> str:
        return f"the list has only {songs(len(self._playlist))}"

    def _genres(self) -> str:
        others = sum(not is_of_genres(candidate.song, self._wishes) for candidate in self._playlist)
        return f"{songs(others)} of `keep` {is_or_are(others)} of other genres"

    def _years(self) -> str:
        others = sum(not is_of_years(candidate.song, self._wishes) for candidate in self._playlist)
        return f"{songs(others)} of `keep` {is_or_are(others)} not known to be of {self._wishes.years}"

    def _length(self) -> str:
        known = sum(candidate.song.duration_ms is not None for candidate in self._fitting)
        unknown = sum(candidate.song.duration_ms is None for candidate in self._playlist)
        if known < len(self._fitting):
            return f"the catalogue knows the duration of {only(known)} of {self._of_the_best()}"
        if unknown:
            return f"the catalogue does not know the duration of {songs(unknown)} of `keep`"
        return f"no list of {self._of_the_best()} that was found comes nearer"

    def _countries(self) -> str:
        for name, percent in self._wishes.countries.items():
            wanted = -(-len(self._playlist) * percent // 100)
            able = sum(share_of(candidate.song, self._wishes.countries.keys()) == name for candidate in self._fitting)
            if able < wanted:
                country = "countries that are not named" if name == OTHER else name
                return f"{only(able)} of {self._of_the_best()} {is_or_are(able)} of {country}"
        return f"what comes before it leaves no such list of {self._of_the_best()}"

    def _artist_gap(self) -> str:
        return f"the artists of these {songs(len(self._playlist))} have too many of them, or `keep` sets them too near"

    def _order(self) -> str:
        causes = []
        if self._wishes.last_place:
            causes.append("kept songs stand at their places")
        if self._wishes.artist_gap:
            causes.append("songs of one artist stand apart")
        return " and ".join(causes) or "no such order was found in time"

    def _similarity(self) -> str:
        chosen = sum(candidate.source == "seed" for candidate in self._playlist)
        exact = len(self._playlist) * self._mixing.similarity / 100
        short = "seed" if chosen < exact else "new"
        side = "of the chosen playlists" if short == "seed" else "new"
        left = sum(candidate.source == short for candidate in self._fitting)
        in_list = sum(candidate.source == short and not candidate.is_kept for candidate in self._playlist)
        if left <= in_list:
            return f"{only(left)} of {self._of_the_best()} {is_or_are(left)} {side}"

        kept = sum(candidate.is_kept and candidate.source != short for candidate in self._playlist)
        other = "new" if short == "seed" else "of the chosen playlists"
        if kept > len(self._playlist) - exact if short == "seed" else kept > exact:
            return f"{songs(kept)} of `keep` {is_or_are(kept)} {other}"
        return f"what comes before it leaves no such list of {self._of_the_best()}"

    def _songs_per_artist(self) -> str:
        return f"what comes before it leaves too few artists among {self._of_the_best()}"

    def _song_count(self) -> str:
        if not self._ranked:
            return "no song is left to recommend"
        wished = described(self._wishes)
        fit = len(self._fitting)
        if fit + len(self._wishes.keep) < self._mixing.song_count and wished:
            return f"{only(fit)} of the {len(self._ranked)} best songs {is_or_are(fit)} {wished}"
        for source, side in (("seed", "of the chosen playlists"), ("new", "new")):
            left = sum(candidate.source == source for candidate in self._fitting)
            in_list = sum(candidate.source == source and not candidate.is_kept for candidate in self._playlist)
            if left == in_list < self._share_of(source):
                return f"{only(left)} of {self._of_the_best()} {is_or_are(left)} {side}"
        return f"what comes before it leaves no longer list of {self._of_the_best()}"

    def _share_of(self, source: str) -> int:
        """How many songs of a side the full list would have."""
        chosen = chosen_count(self._mixing.song_count, self._mixing.similarity)
        return chosen if source == "seed" else self._mixing.song_count - chosen

    def _of_the_best(self) -> str:
        """The songs that the list could be made of: "the 212 songs of 1990 to 1999 among the 500 best"."""
        wished = described(self._wishes)
        if not wished:
            return f"the {len(self._ranked)} best songs"
        return f"the {songs(len(self._fitting))} {wished} among the {len(self._ranked)} best"


def described(wishes: Wishes) -> str:
    """What songs must be: "of 1990 to 1999 and of the genre jazz"; "" for anything."""
    parts = []
    if wishes.years:
        parts.append(f"of {wishes.years}")
    if wishes.genres_only:
        genres = ", ".join(wishes.genres_only)
        parts.append(f"of the genre{'s' if len(wishes.genres_only) > 1 else ''} {genres}")
    return " and ".join(parts)


def songs(count: int) -> str:
    """A number of songs."""
    return "1 song" if count == 1 else f"{count} songs"


def only(count: int) -> str:
    """A number that is too small."""
    return f"only {count}" if count else "none"


def is_or_are(count: int) -> str:
    """The verb for a number; "none are"."""
    return "is" if count == 1 else "are"
