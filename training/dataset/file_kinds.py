"""What a file is that is not what a reader asked for: told by its first bytes, in words that say what to do."""

import re
from dataclasses import dataclass

HEAD_BYTES = 4096

UNPACK = "Unpack it and give what was in it."
SAVE_AS_CSV = "Open it in the spreadsheet program and save it as CSV (UTF-8)."
EXPORT_AS_CSV = "Export the playlist as CSV, for instance with Exportify, and give that."
OF_A_PAGE = (
    "If it shows a table, open it in the spreadsheet program and save it as CSV (UTF-8). "
    "Else fetch the file itself again: a page was saved in its place."
)


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    Attributes:
        name: What it is, with its article: "a zip archive".
        advice: What its owner can do, a sentence.
    """

    name: str
    advice: str


ZIP = FileKind("a zip archive", UNPACK)
GZIP = FileKind("packed by gzip", UNPACK)
BZIP2 = FileKind("packed by bzip2", UNPACK)
XZ = FileKind("packed by xz", UNPACK)
ZSTD = FileKind("packed by zstd", "Unpack it with `zstd -d` and give what was in it.")
IMAGE = FileKind("an image", EXPORT_AS_CSV)
MEDIA = FileKind("a sound, a video or a photo", EXPORT_AS_CSV)

EXCEL = FileKind("an Excel workbook", SAVE_AS_CSV)
OPEN_DOCUMENT = FileKind("an OpenDocument file", SAVE_AS_CSV)
NUMBERS = FileKind("a Numbers document", SAVE_AS_CSV)
OLD_OFFICE = FileKind("a workbook of an old Excel (.xls)", SAVE_AS_CSV)

SPOTIFY_JSON = FileKind(
    "JSON of Spotify's own account data or listening history",
    "Export the playlist as CSV with Exportify (exportify.net) and give that.",
)
JSON = FileKind("JSON", EXPORT_AS_CSV)
ITUNES_LIBRARY = FileKind(
    "an XML library of iTunes or Apple Music",
    "In the app choose File > Library > Export Playlist, with the format Unicode Text, and give that.",
)
XML = FileKind("XML", EXPORT_AS_CSV)
HTML = FileKind("a web page (HTML)", OF_A_PAGE)
M3U = FileKind("an m3u playlist of files", EXPORT_AS_CSV)
RICH_TEXT = FileKind("a rich text document", "Save it as plain text and give that.")

# The bytes with which files begin, and what they are.
SIGNATURES = {
    b"\x1f\x8b": GZIP,
    b"BZh": BZIP2,
    b"\xfd7zXZ\x00": XZ,
    b"\x28\xb5\x2f\xfd": ZSTD,
    b"7z\xbc\xaf\x27\x1c": FileKind("a 7z archive", UNPACK),
    b"Rar!\x1a": FileKind("a rar archive", UNPACK),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLD_OFFICE,
    b"%PDF": FileKind("a PDF", EXPORT_AS_CSV),
    b"SQLite format 3\x00": FileKind("an SQLite database", EXPORT_AS_CSV),
    b"PAR1": FileKind("a Parquet file", EXPORT_AS_CSV),
    b"bplist00": FileKind("a binary property list", EXPORT_AS_CSV),
    b"{\\rtf": RICH_TEXT,
    b"\x89PNG": IMAGE,
    b"\xff\xd8\xff": IMAGE,
    b"GIF8": IMAGE,
    b"ID3\x02": MEDIA,
    b"ID3\x03": MEDIA,
    b"ID3\x04": MEDIA,
    b"fLaC": MEDIA,
    b"OggS": MEDIA,
}
RIFF_KINDS = (b"WAVE", b"WEBP", b"AVI ")
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# Names of the files within, by which programs' own documents are told from other zip archives.
ZIPPED_DOCUMENTS = {
    b"xl/workbook": EXCEL,
    b"xl/worksheets": EXCEL,
    b"opendocument": OPEN_DOCUMENT,
    b"Index/Document.iwa": NUMBERS,
}

JSON_BEGINS = re.compile(r'\[\s*[\[{"\]]|\{\s*["}]')
OF_SPOTIFY = re.compile(r'"(endTime|ms_?[Pp]layed|trackUri|trackName|artistName)"|spotify:track:')
MARKUP_BEGINS = re.compile(r"<[!?a-z][^<]*>", re.IGNORECASE)
HTML_TAG = re.compile(r"<(!doctype\s+html|html|head|body|meta|table|div|style|script)\b", re.IGNORECASE)


def binary_kind(content: bytes) -> FileKind | None:
    """Tell a file that is no text by its bytes.

    Args:
        content: The whole file, or its beginning.

    Returns:
        What it is; None where it may be text.
    """
    if content.startswith(ZIP_SIGNATURES):
        documents = (kind for name, kind in ZIPPED_DOCUMENTS.items() if name in content)
        return next(documents, ZIP)

    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind

    is_iso_media = content[4:8] == b"ftyp"
    is_riff = content[:4] == b"RIFF" and content[8:12] in RIFF_KINDS
    return MEDIA if is_iso_media or is_riff else None


def text_kind(text: str) -> FileKind | None:
    """Tell a text that is neither a table nor prose by how it begins.

    Args:
        text: The whole text, or its beginning.

    Returns:
        What it is; None where it may be a table.
    """
    head = text.lstrip("\ufeff \t\r\n")[:HEAD_BYTES]
    if JSON_BEGINS.match(head):
        return SPOTIFY_JSON if OF_SPOTIFY.search(head) else JSON

    if MARKUP_BEGINS.match(head):
        if HTML_TAG.search(head):
            return HTML
        return ITUNES_LIBRARY if "plist" in head else XML

    is_m3u = head.startswith(("#EXTM3U", "#EXTINF"))
    return M3U if is_m3u else None
