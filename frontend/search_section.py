"""The first two steps: a title, then the similar playlists to build on."""

import streamlit as st

from aiplayer.text import is_unseen
from frontend import markup
from frontend.client import ServiceClient, ServiceError
from frontend.making import stop_painting
from frontend.state import Search, visit
from frontend.texts import EXAMPLES, Words

LONGEST_TITLE = 200


def title_section(client: ServiceClient, words: Words, translates_titles: bool) -> None:
    """Ask for a title and find the playlists with similar ones.

    Args:
        client: The service.
        words: The texts in the visitor's language.
        translates_titles: Whether the service sends titles to Google Translate, which the visitor is told.
    """
    with st.form("title_form", border=False):
        field, button = st.columns([3, 1], vertical_alignment="bottom")
        field.text_input(
            words("title"),
            key="title",
            max_chars=LONGEST_TITLE,
            placeholder=words("title_placeholder"),
            autocomplete="off",
        )
        pressed = button.form_submit_button(words("find"), type="primary", width="stretch")

    if translates_titles:
        st.html(markup.fine_print(words("titles_are_translated")))

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="examples"):
        st.html(f'<span class="muted">{words("examples")}</span>', width="content")
        for example in EXAMPLES:
            st.button(example, on_click=_ask, args=(example,), type="tertiary")

    if pressed:
        _ask_for(st.session_state["title"])
    title_to_search = visit().title_to_search
    if title_to_search is not None:
        _search(client, title_to_search, words)

    if visit().title_missing:
        st.html(markup.hint(words("empty_title")))
    problem = visit().search_problem
    if problem:
        st.html(markup.notice(problem, words("failed"), words))


def _ask(example: str) -> None:
    st.session_state["title"] = example
    _ask_for(example)


def _ask_for(title: str) -> None:
    """Have a title searched for, as it is read."""
    visit().title_to_search = title
    visit().ignored = []


def _search(client: ServiceClient, title: str, words: Words) -> None:
    """Find the similar playlists; a failure keeps what was found before."""
    now = visit()
    now.search_problem = None
    now.title_missing = is_unseen(title)

    if not now.title_missing:
        try:
            with st.spinner(words("searching")):
                found = client.similar(title, ignore=now.ignored)
            number = now.search.number + 1 if now.search else 1
            # What was struck out can be taken back.
            read = now.search.read if now.search and now.ignored else found["read"]
            now.search = Search(number, title.strip(), found["playlists"], read, now.ignored)
            if now.creation:
                stop_painting(client, now.creation)
            now.wish = now.wish_problem = now.creation = None
        except ServiceError as error:
            now.search_problem = error

    now.title_to_search = None


def similar_section(search: Search, words: Words) -> list[int]:
    """Show what was found, one card a playlist; returns the ids of the ticked ones."""
    lead = words("similar_lead", title=search.title) if search.playlists else words("none_similar")
    st.html(markup.section_heading(words("similar_heading"), lead))
    with st.container():
        if search.read:
            _chips(search, words)

    songs = [song for playlist in search.playlists for song in playlist["songs"]]
    if markup.are_numbers_only(songs):
        st.html(markup.hint(words("numbers_only")))

    ticked = []
    columns = st.columns(max(1, len(search.playlists)))
    for column, playlist in zip(columns, search.playlists, strict=False):
        with column:
            ticked += _card(search.number, playlist, words)

    return ticked


def _chips(search: Search, words: Words) -> None:
    """What was read of the title; a chip that is clicked away is not meant."""
    chips = _things_by_chip(search)
    labels = [f"{words('kind_' + kind)} · {said}" for kind, said in chips]
    st.pills(
        words("read"),
        range(len(labels)),
        selection_mode="multi",
        default=[number for number, things in enumerate(chips.values()) if _ignored(things[0]) not in search.ignored],
        format_func=labels.__getitem__,
        key=f"read-{search.number}",
        on_change=_strike_out,
        args=(search,),
        help=words("read_help"),
    )


def _things_by_chip(search: Search) -> dict[tuple[str, str], list[dict]]:
    """What each chip stands for, by kind and the title's own words, or an artist's name.

    One word may name several things of a kind: "저녁" is evening, sunset and night, and is struck out as a whole.
    """
    things_by_chip: dict[tuple[str, str], list[dict]] = {}
    for thing in search.read:
        start, stop = thing["span"]
        said = thing["value"] if thing["kind"] == "artist" else search.title[start:stop]
        things_by_chip.setdefault((thing["kind"], said), []).append(thing)
    return things_by_chip


def _strike_out(search: Search) -> None:
    """Search anew without the chips that are not chosen any more."""
    chosen = st.session_state[f"read-{search.number}"]
    chips = _things_by_chip(search).values()
    struck_out = [thing for number, things in enumerate(chips) if number not in chosen for thing in things]
    visit().ignored = [_ignored(thing) for thing in struck_out]
    visit().title_to_search = search.title


def _ignored(thing: dict) -> dict:
    """How the service is told that something read is not meant: without the place where it stands."""
    return {"kind": thing["kind"], "value": thing["value"]}


def _card(search_number: int, playlist: dict, words: Words) -> list[int]:
    """One playlist; returns its id in a list where it is ticked."""
    playlist_id = playlist["playlist_id"]
    with st.container(border=True, height="stretch", key=f"card-{search_number}-{playlist_id}"):
        st.html(markup.playlist_head(playlist, words))
        is_ticked = st.checkbox(words("use"), key=f"base-{search_number}-{playlist_id}")
        with st.expander(words("songs_inside", count=len(playlist["songs"]))):
            st.html(markup.plain_songs(playlist["songs"]))

    return [playlist_id] if is_ticked else []
