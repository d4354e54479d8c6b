"""Every text of the page, Korean and English side by side."""

from types import MappingProxyType

LANGUAGES = MappingProxyType({"ko": "한국어", "en": "English"})

# A wait of fewer seconds needs no words; one of more is told in minutes.
NOTED_FROM_S, IN_MINUTES_FROM_S = 5, 120

EXAMPLES = (
    "비 오는 날 카페에서 듣는 재즈",
    "신나는 여름 바다 드라이브",
    "late night city drive",
    "cozy autumn morning",
)

# name: (Korean, English)
TEXTS = MappingProxyType(
    {
        "language": ("언어", "Language"),
        "headline": ("제목 한 줄이면 플레이리스트 영상이 준비돼요", "One title. The whole playlist video."),
        "lead": (
            "비슷한 플레이리스트를 찾고, 어울리는 노래와 해시태그를 고르고, 16:9 썸네일까지 그려 드려요.",
            "Find playlists with the same mood, get songs and hashtags to match, and a 16:9 thumbnail painted for it.",
        ),
        "title": ("플레이리스트 제목", "Playlist title"),
        "title_placeholder": ("어떤 순간에 듣는 음악인가요?", "What moment is this music for?"),
        "find": ("비슷한 플레이리스트 찾기", "Find similar playlists"),
        "examples": ("예를 들면", "For example"),
        "titles_are_translated": (
            "썸네일을 그리려고, 영문이 아닌 제목은 Google 번역에 보내요. "
            "서비스를 AIPLAYER_TRANSLATE_TITLES=false로 시작하면 보내지 않아요.",
            "For the thumbnail, titles that are not in plain Latin letters are sent to Google Translate. "
            "A service that is started with AIPLAYER_TRANSLATE_TITLES=false sends none.",
        ),
        "empty_title": (
            "제목을 먼저 적어 주세요. 위의 예시를 눌러 시작해도 좋아요.",
            "Type a title first, or start from one of the examples.",
        ),
        "how_1": ("제목", "A title"),
        "how_1_text": ("영상의 분위기를 한 줄로 적어요.", "Say in one line what the video feels like."),
        "how_2": ("바탕", "A base"),
        "how_2_text": (
            "비슷한 플레이리스트를 살펴보고 골라요.",
            "See three similar playlists and tick those that fit.",
        ),
        "how_3": ("완성", "Your playlist"),
        "how_3_text": ("노래, 해시태그, 썸네일을 받아요.", "Get songs, hashtags and a thumbnail."),
        "searching": ("비슷한 플레이리스트를 찾고 있어요…", "Looking for similar playlists…"),
        "similar_heading": ("비슷한 플레이리스트", "Similar playlists"),
        "similar_lead": (
            "‘{title}’ 분위기와 맞는 것을 골라 주세요. 여러 개를 골라도, 고르지 않아도 돼요.",
            "Tick those that fit the mood of “{title}”: one, several or none.",
        ),
        "none_similar": ("아직 비슷한 플레이리스트가 없어요.", "There is no similar playlist yet."),
        "read": ("제목에서 읽은 것", "Read in your title"),
        "read_help": (
            "뜻한 것이 아니면 눌러서 빼 주세요. 다시 찾아 드려요.",
            "Click away what you did not mean; the search starts anew without it.",
        ),
        "kind_artist": ("아티스트", "Artist"),
        "kind_genre": ("장르", "Genre"),
        "kind_era": ("시대", "Years"),
        "kind_country": ("나라", "Country"),
        "kind_mood": ("분위기", "Mood"),
        "kind_activity": ("활동", "Activity"),
        "kind_occasion": ("날", "Occasion"),
        "kind_place": ("장소", "Place"),
        "kind_hour": ("시간", "Hour"),
        "kind_weather": ("날씨", "Weather"),
        "kind_season": ("계절", "Season"),
        "kind_thing": ("사물", "Thing"),
        "match": ("{percent}% 일치", "{percent}% match"),
        "songs_inside": ("수록곡 {count}곡", "Songs ({count})"),
        "use": ("바탕으로 쓰기", "Use as a base"),
        "mix_heading": ("내 플레이리스트", "Your mix"),
        "similarity": ("유사도 (%)", "Similarity (%)"),
        "similarity_help": (
            "고른 플레이리스트에서 가져올 노래의 비율이에요. 0이면 하나도 가져오지 않고, 100이면 모두 가져와요.",
            "The share of songs taken from the playlists you ticked: 0 takes none, 100 takes all of them from there.",
        ),
        "song_count": ("노래 수", "Number of songs"),
        "song_count_help": ("만들 플레이리스트의 노래 수예요.", "How many songs your playlist will have."),
        "mix_from_title": (
            "고른 플레이리스트가 없어서 제목만 보고 모두 새로운 노래로 골라요.",
            "Nothing is ticked, so every song will be new, chosen from the title alone.",
        ),
        "mix_from_bases": (
            "고른 플레이리스트 {bases}개에서 약 {seeds}곡, 새로운 노래 약 {new}곡.",
            "About {seeds} songs from what you ticked ({bases}) and {new} new ones.",
        ),
        "make": ("내 플레이리스트 만들기", "Make my playlist"),
        "choosing_songs": ("노래를 고르고 있어요…", "Choosing the songs…"),
        "stopped": ("끝까지 만들지 못했어요", "This did not work out"),
        "thumbnail_alt": ("‘{title}’ 썸네일", "Thumbnail of “{title}”"),
        "no_thumbnail": ("썸네일을 그리지 못했어요", "The thumbnail could not be painted"),
        "painting": ("썸네일을 그리고 있어요…", "Painting the thumbnail…"),
        "painting_better": (
            "더 좋은 그림을 준비하고 있어요. 그동안 이 그림도 쓸 수 있어요…",
            "A better picture is on its way; until then there is this one…",
        ),
        "stop_painting": ("그만 그리기", "Stop painting"),
        "paint": ("썸네일 그리기", "Paint the thumbnail"),
        "repaint": ("다른 그림", "Another picture"),
        "takes": (" 약 {time} 걸려요.", " It takes about {time}."),
        "left": (" 약 {time} 남았어요.", " About {time} left."),
        "seconds": ("{count}초", "{count} seconds"),
        "minutes": ("{count}분", "{count} minutes"),
        "title_on_it": ("그림에 제목 넣기", "Title on the picture"),
        "like": ("좋아요", "Like"),
        "liked": ("좋아했어요", "Liked"),
        "like_failed": ("좋아요를 저장하지 못했어요", "Your like could not be stored"),
        "download": ("썸네일 내려받기", "Download thumbnail"),
        "songs_heading": ("노래 {count}곡", "{count} songs"),
        "fewer_songs": (
            "{wanted}곡을 원했지만, 고른 플레이리스트의 노래가 모자라 {count}곡이에요. 유사도를 낮추거나 더 고르세요.",
            "{count} rather than {wanted}: the ticked playlists hold too few songs. Lower the similarity or tick more.",
        ),
        "numbers_only": (
            "이 카탈로그는 노래를 번호로만 알아요. 이름 없이 가져온 데이터라서 제목과 가수를 보여 드릴 수 없어요.",
            "This catalogue knows its songs by number only: it was imported without their names and artists.",
        ),
        "seed": ("고른 곡", "From yours"),
        "new": ("새로운 곡", "New"),
        "because_seed": ("‘{because}’에 있는 노래", "In “{because}”"),
        "because_new": ("추천한 이유: {because}", "Goes with {because}"),
        "description_heading": ("영상 설명란에 붙여 넣기", "For the video description"),
        "hashtags": ("해시태그", "Hashtags"),
        "track_list": ("곡 목록", "Track list"),
        "track_list_cut": (
            "유튜브 설명란은 5,000바이트까지라서 뒤의 노래를 줄였어요.",
            "YouTube takes a description of 5,000 bytes, so the last songs are left out.",
        ),
        "failed": ("요청을 처리하지 못했어요", "That did not work"),
        "unreachable": (
            "서비스에 연결할 수 없어요. 잠시 뒤 다시 눌러 주세요.",
            "The service cannot be reached. Try again in a moment.",
        ),
        "key_missing": ("이 페이지는 서비스를 쓸 수 없어요.", "This page may not use the service."),
        "key_unknown": ("이 페이지는 서비스를 쓸 수 없어요.", "This page may not use the service."),
        "too_many_requests": (
            "요청이 너무 많아요. 잠시 뒤 다시 눌러 주세요.",
            "There are too many requests. Try again in a moment.",
        ),
        "timeout": ("서비스가 제때 답하지 않았어요. 다시 눌러 주세요.", "The service took too long. Try again."),
    }
)


class Words:
    """The texts in one language.

    Args:
        language: "ko" or "en".
    """

    def __init__(self, language: str):
        self.language = language
        self._column = list(LANGUAGES).index(language)

    def __call__(self, name: str, **values: object) -> str:
        """The text called `name` with its {values} filled in.

        Raises:
            KeyError: there is no such text, or a value is missing.
        """
        return TEXTS[name][self._column].format(**values)


def how_long(picture_s: float, words: Words) -> str:
    """What to tell those who wait for a picture: nothing where it is there at once."""
    if picture_s < NOTED_FROM_S:
        return ""
    return words("takes", time=as_people_say(picture_s, words))


def time_left(seconds_left: float | None, picture_s: float, words: Words) -> str:
    """What to tell those who wait for a picture that is being painted.

    Args:
        seconds_left: How long the rest takes, None where that is not known yet.
        picture_s: How long a picture takes where nobody else waits for one.
        words: The texts in the visitor's language.
    """
    if seconds_left is None:
        return how_long(picture_s, words)
    return words("left", time=as_people_say(max(1, seconds_left), words))


def as_people_say(seconds: float, words: Words) -> str:
    """A time of more than a few seconds, such as "25 minutes"."""
    if seconds < IN_MINUTES_FROM_S:
        return words("seconds", count=round(seconds))
    return words("minutes", count=round(seconds / 60))


def language_of(locale: str | None) -> str:
    """The page's language for a browser's locale such as `ko-KR`: Korean for Korean, else English."""
    return "ko" if (locale or "").lower().startswith("ko") else "en"
