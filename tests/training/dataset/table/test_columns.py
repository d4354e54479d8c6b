"""Which column is which, by the headers of exporters and people."""

import pytest

from training.dataset.table.columns import find_columns, unit_of

# Headers of Exportify (watsonbox) by language: playlist, song, artists, release date, duration, added, genres.
EXPORTIFY = [
    "Name|Track Name|Artist Name(s)|Album Release Date|Track Duration (ms)|Added At|Artist Genres",
    "Name|Track-Name|Künstlername(n)|Veröffentlichungsdatum des Albums|Track-Dauer (ms)|Hinzugefügt am|Künstler-Genres",
    "Nombre|Nombre de la canción|Nombre(s) del artista|Fecha de lanzamiento del álbum|Duración de la canción (ms)"
    "|Añadido en|Géneros del artista",
    "Nom|Nom du titre|Nom(s) de l'artiste|Date de sortie de l'album|Durée du titre (ms)|Ajouté le|Genres de l'artiste",
    "Nome|Nome della traccia|Nome dell'artista|Data di rilascio dell'album|Durata della traccia (ms)|Aggiunto il"
    "|Generi dell'artista",
    "Nome|Nome da faixa|Nome(s) do artista|Data de lançamento do álbum|Duração da faixa (ms)|Adicionado em"
    "|Gêneros do artista",
    "Naam|Nummernaam|Naam van artiest|Releasedatum van het album|Nummerduur (ms)|Toegevoegd op|Genres van de artiest",
    "Namn|Låtens namn|Artistens namn|Albumets releasedatum|Låtlängd (ms)|Tillagd vid|Artistens genrer",
    "İsim|Parça Adı|Sanatçı Adı|Albüm Çıkış Tarihi|Parça Süresi (ms)|Eklenme Tarihi|Sanatçı Türleri",
    "Όνομα|Όνομα κομματιού|Όνομα/τα καλλιτέχνη|Ημερομηνία κυκλοφορίας άλμπουμ|Διάρκεια κομματιού (ms)|Προστέθηκε στις"
    "|Είδη καλλιτέχνη",
    "名前|トラック名|アーティスト名|アルバム発売日|トラックの長さ（ミリ秒）|追加日時|アーティストジャンル",
    "名称|曲目名称|艺人名称|专辑发行日期|曲目时长（毫秒）|添加时间|艺人流派",
    "名稱|曲目名稱|藝人名稱|專輯發行日期|曲目長度（毫秒）|新增時間|藝人曲風",
    "名|歌名|Artist 名|專輯發行日|曲目時長（毫秒）|加入時間|藝人曲風",
    "الاسم|اسم الأغنية|أسماء الفنانين|تاريخ إصدار الألبوم|مدة الأغنية (بالمللي ثانية)|أضيف في|أنواع الفنان",
]
KINDS = ["playlist", "song", "artists", "released", "duration", "added", "genres"]


@pytest.mark.parametrize("header", EXPORTIFY)
def test_exportify_is_read_in_each_of_its_languages(header):
    names = header.split("|")
    assert find_columns(names) == {kind: position for position, kind in enumerate(KINDS)}
    assert unit_of(names[4]) == "ms"
    without_playlist = find_columns(names[1:])
    assert "playlist" not in without_playlist
    assert without_playlist["song"] == 0


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Title,Artist,Album", {"song": 0, "artists": 1}),
        ("title,song,artists,tags", {"playlist": 0, "song": 1, "artists": 2, "tags": 3}),
        ("Name,Artist", {"song": 0, "artists": 1}),
        ("Name,Track Name", {"playlist": 0, "song": 1}),
        ("Title,Name,Artist", {"playlist": 0, "song": 1, "artists": 2}),
        ("Playlist,Title,Artist", {"playlist": 0, "song": 1, "artists": 2}),
        ("Playlist,Track,Artist", {"playlist": 0, "song": 1, "artists": 2}),
        (
            "Title;Artist;Album;Track;Year;Length".replace(";", ","),
            {"song": 0, "artists": 1, "released": 4, "duration": 5},
        ),
        ("track_name,artist_name(s),duration_ms", {"song": 0, "artists": 1, "duration": 2}),
        ("TRACK NAME,  artist names ", {"song": 0, "artists": 1}),
        ("Ｔｉｔｌｅ,Ａｒｔｉｓｔ", {"song": 0, "artists": 1}),
        ("Index,TagTime,Title,Artist,URL,TrackKey", {"added": 1, "song": 2, "artists": 3}),
        ("Track name,Artist name,Album,Playlist name,Type,ISRC", {"song": 0, "artists": 1, "playlist": 3}),
        ("Name,Artist,Composer,Album,Genre,Size,Time", {"song": 0, "artists": 1, "genres": 4, "duration": 6}),
        ("이름,아티스트,앨범,장르,시간", {"song": 0, "artists": 1, "genres": 3, "duration": 4}),
        ("제목,가수,앨범", {"song": 0, "artists": 1}),
        ("플레이리스트명,곡명,가수명", {"playlist": 0, "song": 1, "artists": 2}),
        ("재생 목록,제목,아티스트", {"playlist": 0, "song": 1, "artists": 2}),
        ("동영상 ID,노래 제목,앨범 제목,아티스트 이름 1", {"song": 1, "artists": 3}),
        ("제목,곡명,가수,태그", {"playlist": 0, "song": 1, "artists": 2, "tags": 3}),
        (
            "플레이리스트,노래 제목,아티스트,장르,발매일,길이",
            {"playlist": 0, "song": 1, "artists": 2, "genres": 3, "released": 4, "duration": 5},
        ),
        ("곡 제목,가수 이름,발매 연도,재생 시간", {"song": 0, "artists": 1, "released": 2, "duration": 3}),
        ("Album Artist Name(s),Track URI,Album Name", {}),
    ],
)
def test_headers_of_exporters_and_people(header, columns):
    assert find_columns(header.split(",")) == columns


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Duration (ms)", "ms"),
        ("duration_ms", "ms"),
        ("길이 (밀리초)", "ms"),
        ("Duration (s)", "s"),
        ("length sec.", "s"),
        ("재생시간(초)", "s"),
        ("Duration", None),
        ("길이", None),
    ],
)
def test_the_unit_of_durations_stands_in_their_header(header, unit):
    assert unit_of(header) == unit
