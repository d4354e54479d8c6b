"""Random wishes over small sets of songs, against a search through every list that these songs make."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from aiplayer.playlist.mixing import MixRequest
from aiplayer.playlist.wishes.wish import KeptSong, Length, Wishes, Years
from aiplayer.playlist.wishes.wished_playlist import make_wished_playlist
from tests.support.wishes import all_lists, is_possible_order, random_candidates, random_request

SONGS = 8
CASES = 100


def fits(song, wishes) -> bool:
    year = song.song.issued.year if song.song.issued else None
    first, last = (wishes.years.first, wishes.years.last) if wishes.years else (None, None)
    of_years = wishes.years is None or (year is not None and (first or 0) <= year <= (last or 9999))
    return of_years and (not wishes.genres_only or bool(set(wishes.genres_only) & set(song.song.genres)))


def whole(percents: list[int], count: int) -> list[int]:
    """Largest remainders; the last share is the rest."""
    exact = [percent * count for percent in (*percents, 100 - sum(percents))]
    floors = [number // 100 for number in exact]
    order = sorted(range(len(exact)), key=lambda part: (floors[part] * 100 - exact[part], part))
    return [number + (part in order[: count - sum(floors)]) for part, number in enumerate(floors)]


def length_missed(songs, request, follows_length) -> float:
    length = request.wishes.length
    if not length or not follows_length:
        return 0
    seconds = sum(song.song.duration_ms or 0 for song in songs) / 1000
    return max(0, abs(seconds - length.seconds) - length.tolerance_s)


def countries_missed(songs, request) -> int:
    percents = request.wishes.countries
    countries = [song.song.country for song in songs]
    *counts, rest = whole(list(percents.values()), len(songs))
    missed = 0
    for name, count in zip(percents, counts, strict=True):
        has = countries.count(name)
        if name == "other":
            has = sum(country is not None and country not in percents for country in countries)
        missed += max(0, count - has, has - count - (rest if "other" in percents else 0))
    return missed


def similarity_missed(songs, request, follows_length) -> int:
    full = len(songs) if follows_length else request.song_count
    chosen = sum(song.source == "seed" for song in songs)
    share = (full * request.similarity + 50) // 100
    return max(0, chosen - share) + max(0, len(songs) - chosen - (full - share))


def artists_missed(songs, request) -> int:
    artists = [song.song.artists[0] for song in songs]
    return sum(max(0, artists.count(artist) - (request.songs_per_artist or 3)) for artist in set(artists))


def check_claims(certificate, got, request) -> None:
    """What the certificate says is kept is kept, and nothing else is."""
    wishes = request.wishes
    claims = {finding.wish: finding.kept for finding in certificate}
    assert all(bool(finding.why) != finding.kept for finding in certificate)
    places = {song.song.song_id: place for place, song in enumerate(got, start=1)}
    truth = {}
    if wishes.keep:
        truth["keep"] = all(kept.place in (None, places[kept.song_id]) for kept in wishes.keep)
    if wishes.genres_only:
        truth["genres_only"] = all(fits(song, replace(wishes, years=None)) for song in got)
    if wishes.years:
        truth["years"] = all(fits(song, replace(wishes, genres_only=())) for song in got)
    if wishes.length:
        is_known = all(song.song.duration_ms is not None for song in got)
        truth["length_min"] = is_known and length_missed(got, request, True) == 0
    if wishes.countries:
        truth["countries"] = bool(got) and countries_missed(got, request) == 0
    if wishes.artist_gap:
        near = [pair for pair in combinations(enumerate(got), 2) if pair[1][0] - pair[0][0] <= wishes.artist_gap]
        truth["artist_gap"] = all(one.song.artists != other.song.artists for (_, one), (_, other) in near)
    if not wishes.length and len(got) != request.song_count:
        truth["song_count"] = False
    if abs(100 * sum(song.source == "seed" for song in got) - request.similarity * len(got)) >= 100:
        truth["similarity"] = False
    if artists_missed(got, request):
        truth["songs_per_artist"] = False
    assert claims == truth


def drawn(seed: int):
    random = Random(seed)
    kept = random.choice([0, 0, 1, 2, 3])
    request = random_request(random, kept, last_place=4)
    places = {song.song_id: song.place for song in request.wishes.keep}
    candidates = random_candidates(random, SONGS, kept)
    return request, [replace(song, place=places.get(song.song.song_id)) for song in candidates]


@pytest.mark.parametrize("seed", range(CASES))
def test_no_list_keeps_the_wishes_better(seed):
    request, candidates = drawn(seed)
    wishes = request.wishes
    able = [song for song in candidates if song.is_kept or fits(song, wishes)]
    follows_length = wishes.length is not None and any(song.song.duration_ms is not None for song in able)
    if follows_length:
        able = [song for song in able if song.is_kept or song.song.duration_ms is not None]
    most = SONGS if follows_length else max(request.song_count, len(wishes.keep))
    lists = list(all_lists(able, most))

    made = make_wished_playlist(request, [], candidates, solving_s=20)
    by_id = {song.song.song_id: song for song in candidates}
    got = [by_id[pick.song.song_id] for pick in made.picks]
    assert len(set(map(id, got))) == len(got)
    assert all(song in able for song in got)
    assert all(song in got for song in candidates if song.is_kept)

    check_claims(made.certificate, got, request)

    def narrow(lists, missed, shortens=False):
        """The lists that miss it least, or the shorter ones, at least half as long, that do not miss it at all."""
        longest = max(map(len, lists))
        if shortens:
            wholly = [songs for songs in lists if missed(songs) == 0]
            if any(2 * len(songs) >= longest for songs in wholly):
                assert missed(got) == 0
                return wholly
            lists = [songs for songs in lists if len(songs) == longest]
        least = min(missed(songs) for songs in lists)
        assert missed(got) == pytest.approx(least, abs=0.002)
        return [songs for songs in lists if missed(songs) <= least + 0.002]

    lists = narrow(lists, lambda songs: max(0, wishes.last_place - len(songs)))
    lists = narrow(lists, lambda songs: length_missed(songs, request, follows_length))
    lists = narrow(lists, lambda songs: countries_missed(songs, request), shortens=bool(wishes.countries))
    lists = narrow(lists, lambda songs: similarity_missed(songs, request, follows_length))
    if wishes.artist_gap:
        longest = max(map(len, lists))
        orderly = [songs for songs in lists if is_possible_order(songs, wishes.artist_gap)]
        if not any(2 * len(songs) >= longest for songs in orderly):
            return
        assert is_possible_order(got, wishes.artist_gap)
        lists = orderly
    if not follows_length:
        lists = narrow(lists, lambda songs: most - len(songs))
    lists = narrow(lists, lambda songs: artists_missed(songs, request))
    # A length is filled with about as many of the best songs as fill it, not with the number of the best sum.
    if follows_length:
        return
    best = max(sum(song.ranked.score for song in songs) for songs in lists)
    assert sum(song.ranked.score for song in got) == pytest.approx(best, rel=1e-3)


def reachable(durations_ms: list[int], kept_ms: int, length: Length) -> bool:
    """Whether some of the durations, beside the kept ones, sum up to the length: by all sums at once, each a bit."""
    sums = 1 << kept_ms
    for duration_ms in durations_ms:
        sums |= sums << duration_ms
    low = int((length.seconds - length.tolerance_s) * 1000)
    window = (1 << int(2000 * length.tolerance_s) + 1) - 1
    return bool(sums >> low & window)


@pytest.mark.parametrize("seed", range(10))
def test_an_hour_is_an_hour_wherever_the_songs_allow_it(seed):
    random = Random(seed)
    songs = random_candidates(random, random.choice([16, 18, 20, 40]), kept=random.randint(0, 2))
    keep = tuple(KeptSong(song.song.song_id) for song in songs if song.is_kept)
    length = Length(3600, random.choice([5, 5, 1]))
    wishes = Wishes(keep, length=length, countries={"KR": 50}, artist_gap=2, years=random.choice([None, Years(1980)]))
    made = make_wished_playlist(MixRequest(30, 20, wishes=wishes), [], songs, solving_s=20)

    kept_ms = sum(song.song.duration_ms or 0 for song in songs if song.is_kept)
    able = [song.song for song in songs if fits(song, wishes) and not song.is_kept]
    can_be_kept = reachable([song.duration_ms for song in able if song.duration_ms], kept_ms, length)
    (finding,) = [finding for finding in made.certificate if finding.wish == "length_min"]
    all_known = all(song.song.duration_ms for song in songs if song.is_kept)
    assert finding.kept == (can_be_kept and all_known)
    assert (abs(finding.got["seconds"] - 3600) <= length.tolerance_s) == can_be_kept
