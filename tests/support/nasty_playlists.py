"""Playlists whose titles and names hold what breaks lines, tables, markup and readers; the same for the same seed."""

import random

from aiplayer.playlist.exports import ExportedPlaylist, Track

PIECES = (
    *("밤편지", "비 오는 날", "April in Paris", "rain"),
    *("<b>", "</b>", "<3", "&amp;", '"', "'", "“", ",", ";", "|", "\\", "%20", "#", "#EXTINF:1,x", '{"a": 1}'),
    *("\n", "\r\n", "\t", "\x00", "\u2028", "\u200b", "\ufeff"),
    *("👩‍👩‍👧‍👦", "❤️", "🇰🇷", "𝕁𝕒𝕫𝕫", "e\u0301"),
    *("שלום", "مرحبا", "\u202eabc"),
    *("=1+1", "+82", "-1", "@SUM(A1)", "＝1", "=HYPERLINK(1)"),
    *("0:00", "4:20", "1:02:03", "00:10 Intro"),
    "가" * 200,
)
MOST_TRACKS = 60


def nasty_playlist(seed: int) -> ExportedPlaylist:
    """A playlist of up to MOST_TRACKS songs; of every other one all durations are known."""
    draw = random.Random(seed)
    all_known = seed % 2 == 0
    tracks = [_track(draw, number, all_known) for number in range(draw.randint(1, MOST_TRACKS))]
    return ExportedPlaylist(_text(draw)[:200], [_text(draw) for _ in range(draw.randint(0, 8))], tracks)


def _track(draw: random.Random, song_id: int, is_known: bool) -> Track:
    artists = tuple(_text(draw) for _ in range(draw.randint(0, 3)))
    duration_s = draw.uniform(10, 500) if is_known or draw.random() < 0.5 else None
    file = draw.choice((None, f"#{song_id} 밤.flac", f"=cmd/{song_id}, a b.mp3"))
    return Track(song_id, _text(draw), artists, duration_s, file)


def _text(draw: random.Random) -> str:
    """Up to five pieces, of which a formula's sign comes first as often as not."""
    return draw.choice(("", " ")).join(draw.choices(PIECES, k=draw.randint(1, 5)))
