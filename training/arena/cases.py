"""The arena's development set: held-out playlists, asked about in up to four ways, with what was hidden of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.arena.corpus import Question, questions
from training.dataset.dirt import Dirt
from training.dataset.frames import read_playlists
from training.dataset.melon import find_file

# The share of each case among the arena's questions.
MIX = {"song_only": 0.42, "song_tag": 0.39, "tag_title": 0.11, "title_only": 0.08}
LOSSES = ("broken_json", "truncated_file", "wrong_type", "duplicate_id")
FORM = f"It holds folders CASE with questions.json.gz and answers.json.gz, CASE one of {', '.join(MIX)}"


@dataclass(frozen=True)
class Case:
    """One way to ask.

    Attributes:
        name: A key of MIX.
        questions: By the playlists' ids.
        songs: What each question hides.
        tags: What each question hides.
    """

    name: str
    questions: Sequence[Question]
    songs: Sequence[frozenset[int]]
    tags: Sequence[frozenset[str]]


def read_cases(dev: Path) -> list[Case]:
    """The cases in a folder, in the order of MIX.

    Raises:
        InvalidInput: a folder, a file or a record is missing, not of the format, or has no partner.
    """
    if not dev.is_dir():
        raise InvalidInput(f"There is no folder {dev}. Give the arena's development set. {FORM}.")
    found = {path.name for path in dev.iterdir() if path.is_dir()}
    if unknown := sorted(found - MIX.keys()):
        raise InvalidInput(f"{dev / unknown[0]} is no case of the arena. Rename or remove it. {FORM}.")
    if not found:
        raise InvalidInput(f"{dev} holds no case. Give the arena's development set. {FORM}.")
    return [_read_case(dev / name) for name in MIX if name in found]


def are_same_playlists(cases: Sequence[Case]) -> bool:
    """Whether all cases ask about the same playlists."""
    return len({tuple(question.playlist_id for question in case.questions) for case in cases}) == 1


def _read_case(folder: Path) -> Case:
    asked, hidden = _read(folder, "questions"), _read(folder, "answers")
    for one, other, lack in ((asked, hidden, "question has no answer"), (hidden, asked, "answer has no question")):
        if alone := sorted(one.keys() - other.keys()):
            raise InvalidInput(
                f"{folder}: playlist {alone[0]}'s {lack}, one of {len(alone)} such. "
                "Questions and answers must be of the same playlists. Add what is missing, or remove what is alone."
            )
    if not any(answer.songs for answer in hidden.values()):
        raise InvalidInput(f"{folder}: no answer names a song. Give the songs that each question hides as `songs`.")
    ids = sorted(asked)
    for id in ids:
        if given := set(hidden[id].songs) & set(asked[id].songs) or set(hidden[id].tags) & set(asked[id].tags):
            raise InvalidInput(
                f"{folder}: the answer of playlist {id} holds {next(iter(given))!r}, which its question gives away. "
                "An answer may hold only what its question hides. Take it out of one of them."
            )
    return Case(
        folder.name,
        [asked[id] for id in ids],
        [frozenset(hidden[id].songs) for id in ids],
        [frozenset(hidden[id].tags) for id in ids],
    )


def _read(folder: Path, name: str) -> Mapping[int, Question]:
    """The playlists of a file by their ids; one that cannot be taken whole is refused, for figures would be off."""
    path = find_file(folder, name)
    if path is None:
        raise InvalidInput(f"{folder} has no {name}.json.gz and no {name}.json. {FORM}. Add it, or remove the folder.")
    dirt = Dirt()
    rows = questions(read_playlists(path, dirt))
    for reason in LOSSES:
        if first := dirt.examples.get(reason):
            raise InvalidInput(
                f"{path}, line {first.line}, record {first.record}: {first.detail}. "
                "Every record must be whole and of the Melon format. Mend or remove it."
            )
    return {row.playlist_id: row for row in rows}
