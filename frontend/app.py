"""The page of AI Player: a title in, a playlist with its thumbnail out.

PYTHONPATH=. streamlit run frontend/app.py
"""

from pathlib import Path

import streamlit as st
from pydantic import SecretStr

from aiplayer.settings import Settings
from frontend.client import ServiceClient, ServiceError
from frontend.markup import how_it_works
from frontend.mix_section import mix_section
from frontend.result_section import result_section
from frontend.search_section import similar_section, title_section
from frontend.state import visit
from frontend.texts import LANGUAGES, Words, language_of

HERE = Path(__file__).resolve().parent
# How long an answer of the service about itself is believed.
ABOUT_S = 60


@st.cache_resource
def service(url: str, timeout_s: float, _key: SecretStr) -> ServiceClient:
    """The connections to the service, shared by all visitors; they hold nothing of anyone's.

    Args:
        url: Where the service listens.
        timeout_s: Longest wait for an answer.
        _key: The page's key; the underscore keeps Streamlit from making it part of a name.
    """
    return ServiceClient(url, timeout_s, _key.get_secret_value())


@st.cache_data(ttl=ABOUT_S, show_spinner=False)
def answer_about_titles(_client: ServiceClient, service_url: str) -> bool:
    """What the service says of itself, for all visitors; an error is not kept.

    Args:
        _client: The service; the underscore keeps Streamlit from comparing it.
        service_url: Where that is.
    """
    return _client.translates_titles()


def translates_titles(client: ServiceClient, settings: Settings) -> bool:
    """Whether the service sends titles to Google Translate; while it does not answer, what the page's settings say."""
    try:
        return answer_about_titles(client, settings.service_url)
    except ServiceError:
        return settings.translate_titles


def header() -> Words:
    """Name, language switch and what the page is for; returns the texts in the chosen language."""
    st.session_state.setdefault("language", language_of(st.context.locale))
    words = Words(st.session_state["language"])

    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="top"):
        st.html('<span class="brand">AI Player</span>', width="content")
        st.segmented_control(
            words("language"),
            list(LANGUAGES),
            format_func=LANGUAGES.get,
            key="language",
            required=True,
            label_visibility="collapsed",
        )

    # Else a browser offers to translate the Korean page from English.
    script = f'<script>document.documentElement.lang = "{words.language}"</script>'
    heading = f'<h1>{words("headline")}</h1><p class="lead">{words("lead")}</p>'
    st.html(heading + script, unsafe_allow_javascript=True)
    return words


def main() -> None:
    """Draw the page, as far as this visitor has come."""
    st.set_page_config(page_title="AI Player", page_icon=HERE / "icon.svg", layout="wide")
    st.html(HERE / "style.css")

    settings = Settings()
    client = service(settings.service_url, settings.service_timeout_s, settings.service_key)
    words = header()

    # What comes and goes in a part would move the parts below, and for a moment they would be there twice.
    title, similar, mix, result = (st.container() for _ in range(4))
    with title:
        title_section(client, words, translates_titles(client, settings))
    search = visit().search
    if search is None:
        similar.html(how_it_works(words))
    else:
        with similar:
            ticked = similar_section(search, words)
        with mix:
            mix_section(client, search, ticked, words)

    creation = visit().creation
    if creation:
        with result:
            result_section(client, creation, words)


main()
