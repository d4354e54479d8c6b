"""The steps of a retraining: read, train, ask, publish. What is done stays done, so one that was killed goes on."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from aiplayer.catalogue import Catalogue
from aiplayer.recommender.recommender import Recommender
from aiplayer.settings import STATE, Settings
from training.publish.sets import stored_model
from training.publish.store import digest_of_ingredients, find_stored
from training.recommender.autoencoder import Recipe
from training.recommender.from_catalogue import TrainingData, read_training_data
from training.recommender.train import train_recommender
from training.recommender.warm_start import WarmStart
from training.retrain.contenders import Contender, size_of
from training.retrain.gate import Verdict, judge
from training.retrain.lessons import Lessons
from training.retrain.questions import lesson_questions, playlist_cases
from training.setup import RECOMMENDER
from training.stored_embeddings import Embeddings
from training.titles.embedding import Tell

FOLDER = STATE / "retrain"
MODEL, DRAFT, CHECKPOINT = "model", "draft", "autoencoder.npz"
# What a recommender was taught, by the digests of the lessons; beside its other files.
LESSONS_FILE = "lessons.json"


@dataclass(frozen=True)
class Candidate:
    """A new recommender that is not published yet.

    Attributes:
        folder: Its files.
        data: What it was trained on.
    """

    folder: Path
    data: TrainingData


def train_candidate(
    catalogue: Catalogue, embeddings: Embeddings, lessons: Lessons, base: str, settings: Settings, tell: Tell
) -> Candidate:
    """Train a recommender, or go on where a killed retraining was; one that is in the model store is taken from there.

    Args:
        catalogue: The catalogue.
        embeddings: By the encoder that it will be served with.
        lessons: What creators taught.
        base: The tag of the recommender that nobody taught, which it goes on from.
        settings: Give the seed.
        tell: Is told (steps done, steps in all).
    """
    made_from = made_from_lessons(base, lessons)
    work = FOLDER / made_from
    folder = work / MODEL
    data = read_training_data(catalogue, embeddings, lessons.learned, tell)
    if stored := find_stored(RECOMMENDER, made_from):
        return Candidate(_folder_of(stored), data)
    if not folder.exists():
        _remove_others(work)
        draft = work / DRAFT
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        untaught = Recommender.load(_folder_of(base))
        recommender = train_recommender(
            data.learned,
            data.artists,
            Recipe.going_on(),
            settings.seed,
            progress=tell,
            checkpoint=work / CHECKPOINT,
            facts=data.facts,
            held_back=data.held_back,
            start=WarmStart(untaught.branches.autoencoder, untaught.vocabulary),
        )
        recommender.save(draft)
        (draft / LESSONS_FILE).write_text(json.dumps(sorted(lessons.digests())), encoding="ascii")
        draft.rename(folder)
    return Candidate(folder, data)


def made_from_lessons(base: str, lessons: Lessons) -> str:
    """The digest of all that decides a recommender that was taught; that of the base where nobody taught anything."""
    if not lessons.learned:
        _, _, version = base.partition(":")
        return version.partition("-")[0]
    return digest_of_ingredients(base, lessons.digest())


def _remove_others(work: Path) -> None:
    """Remove what older retrainings have left, of other lessons or another catalogue."""
    for other in FOLDER.glob("*/"):
        if other != work:
            shutil.rmtree(other)


def compare(production: str, candidate: Candidate, embeddings: Embeddings, lessons: Lessons) -> Verdict:
    """Ask the recommender in use and the new one.

    Args:
        production: The tag of the one in use.
        candidate: The new one.
        embeddings: By the encoder of the new one.
        lessons: What creators taught.
    """
    old, new = contenders(production, candidate, embeddings)
    asked = lesson_questions(lessons.asked)
    return judge(
        old, new, playlist_cases(candidate.data.held_back), asked, needs_gain=not taken_back(production, lessons)
    )


def contenders(production: str, candidate: Candidate, embeddings: Embeddings) -> tuple[Contender, Contender]:
    """The recommender in use, and the new one."""
    stored = stored_model(production, RECOMMENDER)
    encoder = stored.info.labels["title_encoder"]
    old_embeddings = embeddings if encoder == embeddings.encoder_tag else embeddings.of_encoder(encoder)
    return (
        Contender(Recommender.load(stored.path), old_embeddings.unkept, size_of(stored.path)),
        Contender(Recommender.load(candidate.folder), embeddings.unkept, size_of(candidate.folder)),
    )


def taken_back(production: str, lessons: Lessons) -> bool:
    """Whether the recommender in use has learned what no creator says any more."""
    file = _folder_of(production) / LESSONS_FILE
    learned = set(json.loads(file.read_text(encoding="ascii"))) if file.exists() else set()
    return bool(learned - lessons.digests())


def _folder_of(tag: str) -> Path:
    """The files of a recommender of the store."""
    return Path(stored_model(tag, RECOMMENDER).path)
