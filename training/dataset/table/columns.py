"""Which column of a table holds what, by the headers that exporters and people write.

The exporters are Exportify (exportify.net, and watsonbox's in its fifteen languages), TuneMyMusic, Soundiiz, Shazam,
Deezer, Apple Music and Mp3tag. Headers are compared by their letters and digits alone, so "track_name" is "Track Name".
"""

from collections.abc import Iterable, Sequence

from aiplayer.text import joined_words

# Kinds of value, and the headers under which each may stand, the preferred first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "playlist": (
        *("Playlist Name", "Playlist", "Playlist Title", "Lista de reproducción", "Nom de la playlist"),
        *(
            "플레이리스트",
            "플레이리스트 제목",
            "플레이리스트 이름",
            "플레이리스트명",
            "재생목록",
            "재생목록 제목",
            "재생목록 이름",
        ),
        *("재생목록명", "플리", "플리 제목", "プレイリスト", "プレイリスト名", "播放列表", "播放清單", "歌单", "歌單"),
    ),
    "song": (
        *("Track Name", "Song", "Song Name", "Song Title", "Track Title"),
        *(
            "곡명",
            "곡",
            "곡 제목",
            "곡 이름",
            "노래",
            "노래 제목",
            "노래 이름",
            "노래명",
            "트랙",
            "트랙명",
            "트랙 이름",
        ),
        *("Nombre de la canción", "Canción", "Nom du titre", "Nome della traccia", "Nome da faixa", "Nummernaam"),
        *(
            "Låtens namn",
            "Parça Adı",
            "Όνομα κομματιού",
            "トラック名",
            "曲名",
            "曲目名称",
            "曲目名稱",
            "歌名",
            "اسم الأغنية",
        ),
    ),
    "artists": (
        *("Artist Name(s)", "Artists", "Artist Name", "Artist", "Artist(s)", "Track Artist", "Performer", "Singer"),
        *("가수", "가수명", "가수 이름", "아티스트", "아티스트명", "아티스트 이름", "뮤지션"),
        *("Artist Name 1", "Artist 1", "아티스트 이름 1", "아티스트 1", "가수 1"),
        *("Künstlername(n)", "Künstler", "Interpret", "Nombre(s) del artista", "Artista", "Artistas"),
        *("Nom(s) de l'artiste", "Artiste", "Artistes", "Nome dell'artista", "Nome(s) do artista"),
        *("Naam van artiest", "Artiest", "Artistens namn", "Sanatçı Adı", "Sanatçı", "Όνομα/τα καλλιτέχνη"),
        *(
            "アーティスト名",
            "アーティスト",
            "歌手",
            "艺人名称",
            "艺人",
            "藝人名稱",
            "藝人",
            "Artist 名",
            "أسماء الفنانين",
        ),
    ),
    "tags": ("Tags", "Tag", "Hashtags", "Hashtag", "태그", "해시태그", "タグ", "标签", "標籤"),
    "genres": (
        *(
            "Genres",
            "Artist Genres",
            "Genre",
            "Album Genres",
            "장르",
            "ジャンル",
            "アーティストジャンル",
            "アルバムジャンル",
        ),
        *("Künstler-Genres", "Album-Genres", "Géneros del artista", "Géneros del álbum", "Género", "Géneros"),
        *("Genres de l'artiste", "Genres de l'album", "Generi dell'artista", "Generi dell'album", "Genere"),
        *("Gêneros do artista", "Gêneros do álbum", "Gênero", "Genres van de artiest", "Genres van het album"),
        *("Artistens genrer", "Albumets genrer", "Sanatçı Türleri", "Albüm Türleri", "Είδη καλλιτέχνη", "Είδη άλμπουμ"),
        *("艺人流派", "专辑流派", "藝人曲風", "專輯曲風", "أنواع الفنان", "أنواع الألبوم"),
    ),
    "released": (
        *("Release Date", "Album Release Date", "Released", "Release Year", "Year"),
        *("발매일", "발매 일자", "발매 날짜", "발매 연도", "발매년도", "발매", "출시일", "연도", "년도"),
        *("Veröffentlichungsdatum des Albums", "Fecha de lanzamiento del álbum", "Date de sortie de l'album"),
        *("Data di rilascio dell'album", "Data de lançamento do álbum", "Releasedatum van het album"),
        *("Albumets releasedatum", "Albüm Çıkış Tarihi", "Ημερομηνία κυκλοφορίας άλμπουμ", "アルバム発売日"),
        *("专辑发行日期", "專輯發行日期", "專輯發行日", "تاريخ إصدار الألبوم"),
    ),
    "added": (
        *("Added At", "Date Added", "Tag Time", "추가일", "추가 날짜", "Hinzugefügt am", "Añadido en", "Ajouté le"),
        *("Aggiunto il", "Adicionado em", "Toegevoegd op", "Tillagd vid", "Eklenme Tarihi", "Προστέθηκε στις"),
        *("追加日時", "添加时间", "新增時間", "加入時間", "أضيف في"),
    ),
    "duration": (
        *("Track Duration (ms)", "Duration (ms)", "Duration ms", "Track Duration", "Song Duration", "Duration"),
        *("Duration (s)", "Duration (sec)", "Duration (seconds)", "Length", "Track Length", "Length (ms)", "Time"),
        *(
            "길이",
            "곡 길이",
            "노래 길이",
            "재생시간",
            "재생 길이",
            "러닝타임",
            "시간",
            "길이 (ms)",
            "길이 (초)",
            "재생시간 (초)",
        ),
        *("Track-Dauer (ms)", "Duración de la canción (ms)", "Durée du titre (ms)", "Durata della traccia (ms)"),
        *("Duração da faixa (ms)", "Nummerduur (ms)", "Låtlängd (ms)", "Parça Süresi (ms)", "Διάρκεια κομματιού (ms)"),
        *(
            "トラックの長さ（ミリ秒）",
            "曲目时长（毫秒）",
            "曲目長度（毫秒）",
            "曲目時長（毫秒）",
            "مدة الأغنية (بالمللي ثانية)",
        ),
    ),
}
# Headers of a song's name, or of the playlist's where another column names the song: names before titles.
AMBIGUOUS = (
    *("Name", "Nombre", "Nom", "Nome", "Naam", "Namn", "İsim", "Όνομα", "이름", "名前", "名称", "名稱", "名", "الاسم"),
    *("Title", "제목", "타이틀", "タイトル", "标题", "標題", "Titel", "Titre", "Título", "Titolo"),
)
# The song's name or its number on the album.
TRACK = ("Track",)

MILLISECONDS = ("ms", "msec", "milliseconds", "millis", "ミリ秒", "毫秒", "밀리초", "بالمللي ثانية")
SECONDS = ("(s", "_s", " s", "sec", "secs", "seconds", "초")


def find_columns(header: Sequence[str]) -> dict[str, int]:
    """Find the position of each kind of value; a kind without a column is left out.

    Args:
        header: The names of the columns.
    """
    positions: dict[str, int] = {}
    for position, name in enumerate(header):
        positions.setdefault(joined_words(name), position)

    columns = {}
    for kind, names in COLUMNS.items():
        matches = _positions_of(names, positions)
        if matches:
            columns[kind] = matches[0]

    ambiguous = _positions_of(AMBIGUOUS, positions)
    if "song" not in columns:
        candidates = ambiguous + _positions_of(TRACK, positions)
        if candidates:
            columns["song"] = candidates[0]
        ambiguous = ambiguous[1:]
    if "playlist" not in columns and ambiguous:
        columns["playlist"] = ambiguous[-1]
    return columns


def unit_of(header: str) -> str | None:
    """Read the unit that the header of a column of durations names: "ms", "s", or None where it names none."""
    name = header.casefold().rstrip(" .)）")
    if name.endswith(MILLISECONDS):
        return "ms"
    return "s" if name.endswith(SECONDS) else None


def _positions_of(names: Iterable[str], positions: dict[str, int]) -> list[int]:
    """List where these headers stand, in the order of their names."""
    keys = dict.fromkeys(joined_words(name) for name in names)
    return [positions[key] for key in keys if key in positions]
