"""Records in every dress: packed, by lines, by columns; and files that are something else."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from functools import partial

import pytest

from aiplayer.errors import InvalidInput
from training.dataset import Dirt
from training.dataset.json_stream import ElementReader
from training.dataset.melon import find_file, read_genres

# Without the time of day, for the names of tests hold these bytes.
gzipped = partial(gzip.compress, mtime=0)

RECORDS = [{"id": number, "title": f"밤 {number}", "songs": [number]} for number in range(300)]
ARRAY = json.dumps(RECORDS, ensure_ascii=False).encode()
LINES = "\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS).encode()
COLUMNS = json.dumps({name: {str(row): record[name] for row, record in enumerate(RECORDS)} for name in RECORDS[0]})
ROWS = json.dumps({str(row): record for row, record in enumerate(RECORDS)})


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name.replace("_dot_", "."), member)
    return content.getvalue()


def read(folder, content: bytes, name="train.json") -> tuple[list, Dirt]:
    dirt = Dirt()
    (folder / name).write_bytes(content)
    return list(ElementReader(folder / name, dirt)), dirt


@pytest.mark.parametrize("chunk", [7, 1 << 20])
@pytest.mark.parametrize(
    "content",
    [
        ARRAY,
        b"\xef\xbb\xbf" + ARRAY,
        ARRAY.decode().encode("utf-16"),
        LINES,
        b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n") + b"\r\n",
        COLUMNS.encode(),
        ROWS.encode(),
        json.dumps(RECORDS[:100]).encode() + b"\n" + json.dumps(RECORDS[100:]).encode(),
        gzipped(ARRAY),
        gzipped(ARRAY[:1000]) + gzipped(ARRAY[1000:]),
        gzipped(LINES),
        gzipped(COLUMNS.encode()),
        bz2.compress(ARRAY),
        lzma.compress(ARRAY),
        zipped(train_dot_json=ARRAY),
        zipped(readme_dot_txt=b"x", train_dot_jsonl=LINES, **{"__MACOSX/._train.json": b"x"}),
    ],
)
def test_records_are_the_same_in_every_dress(tmp_path, monkeypatch, content, chunk):
    monkeypatch.setattr("training.dataset.json_stream.CHUNK_BYTES", chunk)
    records, dirt = read(tmp_path, content)
    assert records == RECORDS
    assert not dirt.counts


@pytest.mark.parametrize("pack", [gzipped, bz2.compress, lzma.compress])
def test_the_files_name_does_not_decide_how_it_is_packed(tmp_path, pack):
    assert read(tmp_path, pack(ARRAY), "train.json")[0] == RECORDS
    assert read(tmp_path, ARRAY, "train.json.gz")[0] == RECORDS


@pytest.mark.parametrize(
    "name", ["train.json", "train.jsonl", "train.json.gz", "train.json.bz2", "train.json.zip", "train.zip"]
)
def test_a_dataset_is_found_under_the_names_of_its_dresses(tmp_path, name):
    (tmp_path / name).touch()
    assert find_file(tmp_path, "train") == tmp_path / name


# Bzip2 packs 100,000 bytes at a time at its lowest level, 900,000 at its usual one.
QUICK_BZIP2 = partial(bz2.compress, compresslevel=1)
QUICK_XZ = partial(lzma.compress, preset=0)


@pytest.mark.parametrize("pack", [gzipped, QUICK_BZIP2, QUICK_XZ])
def test_an_archive_that_is_cut_off_gives_what_can_be_unpacked(tmp_path, pack):
    noise = [{"id": number, "text": str(pow(3, number + 900, 10**90))} for number in range(3_000)]
    whole = pack(json.dumps(noise).encode())
    records, dirt = read(tmp_path, whole[: len(whole) // 2])
    assert 500 < len(records) < 3_000
    assert records == noise[: len(records)]
    assert dirt.counts == {"truncated_file": 1}
    assert "cannot be unpacked to its end" in dirt.examples["truncated_file"].detail


def test_an_archive_whose_bytes_have_changed_is_told_although_it_reads_to_its_end(tmp_path):
    changed = bytearray(gzipped(ARRAY))
    changed[-5] ^= 1
    records, dirt = read(tmp_path, bytes(changed))
    assert (records, dirt.counts) == (RECORDS, {"truncated_file": 1})


def test_lines_that_are_cut_off_are_told_and_a_broken_line_costs_itself(tmp_path):
    records, dirt = read(tmp_path, LINES[:-5])
    assert (records, dirt.counts) == (RECORDS[:-1], {"truncated_file": 1})

    lines = LINES.splitlines()
    lines[5] = b'{"id": 5, "title": }'
    records, dirt = read(tmp_path, b"\n".join(lines))
    assert (records, dirt.counts) == (RECORDS[:5] + RECORDS[6:], {"broken_json": 1})
    assert dirt.examples["broken_json"].line == 6


def test_what_follows_an_array_is_told(tmp_path):
    records, dirt = read(tmp_path, ARRAY + b"\n<html>")
    assert (records, dirt.counts) == (RECORDS, {"broken_json": 1})


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty, not a JSON array"),
        (b"\xef\xbb\xbf \n", "is empty, not a JSON array"),
        (gzipped(b""), "is empty, not a JSON array"),
        (b"<!DOCTYPE html><html>", r"a web page \(HTML\), not a JSON array"),
        (b"%PDF-1.7", "a PDF, not a JSON array"),
        (b"\x28\xb5\x2f\xfd" + bytes(60), "packed by zstd, not a JSON array of records. Unpack it with `zstd -d`"),
        (zipped(**{"xl/workbook.xml": b"x"}), "an Excel workbook, not a JSON array"),
        (zipped(a_dot_json=ARRAY, b_dot_json=ARRAY), "a zip archive that holds 2 JSON files"),
        (zipped(readme_dot_txt=b"x"), "a zip archive that holds 0 JSON files"),
        (zipped(train_dot_json=ARRAY)[:-40], "a zip archive that cannot be unpacked"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n", "not a JSON array"),
        (b"id,title\n1,x\n", "not a JSON array"),
        (COLUMNS.encode()[:-500], "cannot be read as JSON, for it is damaged"),
        (gzipped(COLUMNS.encode())[:-500], "cannot be read as JSON, for the archive cannot be unpacked"),
    ],
)
def test_a_file_that_is_something_else_is_named(tmp_path, content, what):
    with pytest.raises(InvalidInput, match=what) as refusal:
        read(tmp_path, content)
    assert str(tmp_path / "train.json") in refusal.value.message


@pytest.mark.parametrize("pack", [bytes, gzipped, lzma.compress])
def test_names_of_genres_may_be_packed_and_begin_with_a_byte_order_mark(tmp_path, pack):
    (tmp_path / "genre_gn_all.json").write_bytes(pack('\ufeff{"GN1": "재즈"}'.encode()))
    assert read_genres(tmp_path) == {"GN1": "재즈"}


def test_damaged_names_of_genres_are_refused(tmp_path):
    (tmp_path / "genre_gn_all.json.gz").write_bytes(gzipped(b'{"GN1": "x"}')[:-8])
    with pytest.raises(InvalidInput, match=r"genre_gn_all\.json\.gz is not JSON"):
        read_genres(tmp_path)
