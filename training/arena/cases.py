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
QuestionsById = Mapping[int, Question]
FORM = f"It holds folders CASE with questions.json.gz and answers.json.gz, CASE one of {', '.join(MIX)}"


@dataclass(frozen=True)
class Case:
    """One way to ask.

    Attributes:
        name: A key of MIX.
        questions: The questions, in the order of the playlists' ids.
        songs: The ids of the songs that each question hides.
        tags: The tags that each question hides.
    """

    name: str
    questions: Sequence[Question]
    songs: Sequence[frozenset[int]]
    tags: Sequence[frozenset[str]]


def read_cases(dev: Path) -> list[Case]:
    """The cases in a folder, in the order of MIX.

    Args:
        dev: The folder.

    Raises:
        InvalidInput: a folder, a file or a record is missing, not of the format, or has no partner.
    """
    if not dev.is_dir():
        raise InvalidInput(f"There is no folder {dev}. Give the arena's development set. {FORM}.")

    names = {path.name for path in dev.iterdir() if path.is_dir()}
    unknown = sorted(names - MIX.keys())
    if unknown:
        raise InvalidInput(f"{dev / unknown[0]} is no case of the arena. Rename or remove it. {FORM}.")
    if not names:
        raise InvalidInput(f"{dev} holds no case. Give the arena's development set. {FORM}.")

    return [_read_case(dev / name) for name in MIX if name in names]


def are_same_playlists(cases: Sequence[Case]) -> bool:
    """Whether all cases ask about the same playlists."""
    id_lists = set()
    for case in cases:
        id_lists.add(tuple(question.playlist_id for question in case.questions))
    return len(id_lists) == 1


def _read_case(folder: Path) -> Case:
    questions_by_id = _read(folder, "questions")
    answers_by_id = _read(folder, "answers")
    _check_partners(folder, questions_by_id, answers_by_id)
    if not any(answer.songs for answer in answers_by_id.values()):
        raise InvalidInput(f"{folder}: no answer names a song. Give the songs that each question hides as `songs`.")

    ids = sorted(questions_by_id)
    for playlist_id in ids:
        _check_hidden(folder, questions_by_id[playlist_id], answers_by_id[playlist_id])

    return Case(
        name=folder.name,
        questions=[questions_by_id[playlist_id] for playlist_id in ids],
        songs=[frozenset(answers_by_id[playlist_id].songs) for playlist_id in ids],
        tags=[frozenset(answers_by_id[playlist_id].tags) for playlist_id in ids],
    )


def _check_partners(folder: Path, questions_by_id: QuestionsById, answers_by_id: QuestionsById) -> None:
    """Refuse questions without an answer, and answers without a question."""
    unanswered = sorted(questions_by_id.keys() - answers_by_id.keys())
    unasked = sorted(answers_by_id.keys() - questions_by_id.keys())
    for alone, lack in ((unanswered, "question has no answer"), (unasked, "answer has no question")):
        if alone:
            raise InvalidInput(
                f"{folder}: playlist {alone[0]}'s {lack}, one of {len(alone)} such. "
                "Questions and answers must be of the same playlists. Add what is missing, or remove what is alone."
            )


def _check_hidden(folder: Path, question: Question, answer: Question) -> None:
    """Refuse an answer that holds what its question gives away."""
    songs = set(answer.songs) & set(question.songs)
    tags = set(answer.tags) & set(question.tags)
    given_away = songs or tags
    if given_away:
        raise InvalidInput(
            f"{folder}: the answer of playlist {question.playlist_id} holds {next(iter(given_away))!r}, which its "
            "question gives away. An answer may hold only what its question hides. Take it out of one of them."
        )


def _read(folder: Path, name: str) -> QuestionsById:
    """The playlists of a file by their ids.

    A file that cannot be read whole is refused, because every figure would be off.
    """
    path = find_file(folder, name)
    if path is None:
        raise InvalidInput(f"{folder} has no {name}.json.gz and no {name}.json. {FORM}. Add it, or remove the folder.")

    dirt = Dirt()
    rows = questions(read_playlists(path, dirt))
    for reason in LOSSES:
        first = dirt.examples.get(reason)
        if first:
            raise InvalidInput(
                f"{path}, line {first.line}, record {first.record}: {first.detail}. "
                "Every record must be whole and of the Melon format. Mend or remove it."
            )

    return {row.playlist_id: row for row in rows}
