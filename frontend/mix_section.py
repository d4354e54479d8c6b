"""The third step: how to mix, and the making itself."""

import streamlit as st

from frontend import markup
from frontend.client import ServiceClient, ServiceError
from frontend.making import choose_songs, stop_painting
from frontend.state import Search, Wish, visit
from frontend.texts import Words

FEWEST_SONGS = 5
MOST_SONGS = 60
USUAL_SONGS = 20
USUAL_SIMILARITY = 30


def mix_section(client: ServiceClient, search: Search, ticked: list[int], words: Words) -> None:
    """Ask how to mix, and make the playlist when the button is pressed."""
    st.html(markup.section_heading(words("mix_heading")))

    left, right = st.columns(2, gap="medium")
    similarity = left.slider(
        words("similarity"), 0, 100, USUAL_SIMILARITY, key="similarity", help=words("similarity_help")
    )
    song_count = right.slider(
        words("song_count"), FEWEST_SONGS, MOST_SONGS, USUAL_SONGS, key="song_count", help=words("song_count_help")
    )

    forecast = _forecast(similarity, song_count, len(ticked), words)
    st.html(f'<p class="muted">{forecast}</p>')

    if st.button(words("make"), type="primary", key="make"):
        visit().wish = Wish(search.title, ticked, similarity, song_count, search.ignored)

    wish = visit().wish
    if wish:
        _make(client, wish, words)

    problem = visit().wish_problem
    if problem:
        st.html(markup.notice(problem, words("stopped"), words))


def _forecast(similarity: int, song_count: int, bases: int, words: Words) -> str:
    """What the sliders mean for the playlist, in songs."""
    if not bases:
        return words("mix_from_title")
    seeds = (song_count * similarity + 50) // 100
    return words("mix_from_bases", bases=bases, seeds=seeds, new=song_count - seeds)


def _make(client: ServiceClient, wish: Wish, words: Words) -> None:
    """Choose the songs; the picture is painted where they are shown."""
    now = visit()
    now.wish_problem = None
    try:
        with st.spinner(words("choosing_songs")):
            made = choose_songs(client, wish)
        if now.creation:
            stop_painting(client, now.creation)
        now.creation = made
    except ServiceError as error:
        now.wish_problem = error

    now.wish = None
