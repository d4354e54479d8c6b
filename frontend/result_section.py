"""The last step: the finished playlist, to look at, like, copy and download."""

import sys

import streamlit as st

from aiplayer.playlist.exports import MAX_DESCRIPTION_BYTES, hashtags, track_list, tracks_of
from frontend import markup
from frontend.client import ServiceClient, ServiceError
from frontend.making import begin_painting, look_after_painting, stop_painting, wait_for_quick_picture
from frontend.state import Creation, visit
from frontend.texts import Words, time_left

LOOK_EVERY_S = 1.0
SCROLL_HERE = '<script>document.getElementById("result")?.scrollIntoView({behavior: "smooth"})</script>'


def result_section(client: ServiceClient, creation: Creation, words: Words) -> None:
    """Show a finished playlist: picture, actions, songs and the texts to copy."""
    st.html('<div id="result"></div>')
    with st.container(key="result"):
        # What comes and goes has a place of its own: without it what stands below moves, and is there twice meanwhile.
        with st.container():
            _thumbnail(client, creation, words)
        st.html(f'<h2 class="made-title">{markup.escape(creation.wish.title)}</h2>')

        with st.container():
            _actions(client, creation, words)
        songs, texts = st.columns([3, 2], gap="medium")
        with songs:
            _songs(creation, words)
        with texts:
            _texts_to_copy(creation, words)

    if not creation.is_shown:
        creation.is_shown = True
        st.html(SCROLL_HERE, unsafe_allow_javascript=True)


def _thumbnail(client: ServiceClient, creation: Creation, words: Words) -> None:
    """The picture; painted first where the visitor wants another one, while the page goes on if that takes long."""
    with st.container():
        if creation.wants_painting:
            begin_painting(client, creation)
            with st.spinner(words("painting")):
                wait_for_quick_picture(client, creation)
        if creation.painting:
            _progress(client, creation, words)
    if creation.thumbnail:
        st.image(creation.thumbnail, width="stretch", alt=words("thumbnail_alt", title=creation.wish.title))
    if creation.thumbnail_problem:
        st.html(markup.notice(creation.thumbnail_problem, words("no_thumbnail"), words))


@st.fragment(run_every=LOOK_EVERY_S)
def _progress(client: ServiceClient, creation: Creation, words: Words) -> None:
    """How far the picture is, and a way to stop it; drawn anew by itself, without the rest of the page."""
    look_after_painting(client, creation)
    painting = creation.painting
    if painting is None:
        st.rerun()
        return

    left = time_left(painting.seconds_left, creation.picture_s, words)
    with st.container(key="painting"):
        label = words("painting_better" if painting.stand_in else "painting")
        st.html(markup.progress(painting.share, label + left))
        st.button(
            words("stop_painting"), icon=":material/stop_circle:", on_click=stop_painting, args=(client, creation)
        )


def _set_title_on_it(creation: Creation, key: str) -> None:
    """Take over the switch at `key`, and paint anew."""
    creation.has_title_on_it = st.session_state[key]
    creation.wants_painting = True


def _actions(client: ServiceClient, creation: Creation, words: Words) -> None:
    """Like, download and paint again."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="actions"):
        st.button(
            words("liked" if creation.liked else "like"),
            key="like",
            icon=":material/favorite:",
            type="primary" if creation.liked else "secondary",
            on_click=_toggle_like,
            args=(client, creation),
        )

        if creation.thumbnail:
            st.download_button(
                words("download"),
                creation.thumbnail,
                file_name=markup.file_name(creation.wish.title),
                mime="image/png",
                icon=":material/download:",
                on_click="ignore",
            )

        has_picture = creation.thumbnail or creation.painting
        label = words("repaint" if has_picture else "paint")
        st.button(label, key="repaint", icon=":material/refresh:", on_click=creation.ask_for_another_picture)
        key = f"title-on-{creation.generation_id}"
        st.toggle(words("title_on_it"), creation.has_title_on_it, key, on_change=_set_title_on_it, args=(creation, key))

    if creation.like_problem:
        st.html(markup.notice(creation.like_problem, words("like_failed"), words))


def _toggle_like(client: ServiceClient, creation: Creation) -> None:
    """Tell the service; the heart changes only when the service has stored it."""
    try:
        client.like(creation.generation_id, not creation.liked, visit().client_id)
        creation.liked = not creation.liked
        creation.like_problem = None
    except ServiceError as error:
        creation.like_problem = error


def _songs(creation: Creation, words: Words) -> None:
    count = len(creation.songs)
    wanted_count = creation.wish.song_count
    lead = words("fewer_songs", count=count, wanted=wanted_count) if count < wanted_count else ""
    st.html(markup.section_heading(words("songs_heading", count=count), lead))

    if markup.are_numbers_only(creation.songs):
        st.html(markup.hint(words("numbers_only")))
    st.html(markup.chosen_songs(creation.songs, words))


def _texts_to_copy(creation: Creation, words: Words) -> None:
    st.html(markup.section_heading(words("description_heading")))

    tags = hashtags(creation.tags)
    if tags:
        st.html(f'<p class="muted">{words("hashtags")}</p>')
        st.code(tags, language=None, wrap_lines=True)

    # Both go into one description, with an empty line between them.
    room_bytes = MAX_DESCRIPTION_BYTES - len(f"{tags}\n\n".encode())
    tracks = tracks_of(creation.songs)
    lines = track_list(tracks, room_bytes)
    st.html(f'<p class="muted">{words("track_list")}</p>')
    st.code(lines, language=None, wrap_lines=True)
    if lines != track_list(tracks, max_bytes=sys.maxsize):
        st.html(f'<p class="muted">{words("track_list_cut")}</p>')
