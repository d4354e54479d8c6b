"""A retraining from the log of generations to a new set of models, or to the reasons why there is none."""

import shutil
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from rich.markup import escape
from rich.table import Table

from aiplayer.catalogue import Catalogue, connect, migrate
from aiplayer.errors import InvalidInput
from aiplayer.model_set import set_name, weights_of
from aiplayer.pins import database_key
from aiplayer.settings import ModelPins, Settings
from training.console import print_whole
from training.dataset.frames import read_catalogue
from training.progress import CONSOLE, step
from training.publish.manifest import SetManifest
from training.publish.production import production_set, promote
from training.publish.registry import is_registered, read_set
from training.publish.repository import open_repository
from training.publish.sets import make_set
from training.publish.store import find_stored, store
from training.publish.taking_over import Canary, in_running_services
from training.publish.transfer import push
from training.recommender.autoencoder import Recipe
from training.retrain.card import Card, change_of
from training.retrain.changes import changed_lists, titles_to_show, write_changes
from training.retrain.gate import Verdict
from training.retrain.lessons import LessonCounts, Lessons, choose_lessons
from training.retrain.steps import FOLDER, Candidate, compare, contenders, made_from_lessons, train_candidate
from training.retrain.time_limit import within
from training.setup import (
    RECOMMENDER,
    STATEMENT_TIMEOUT_S,
    publish_autoencoder,
    publish_encoder,
    publish_index,
)
from training.stored_embeddings import Embeddings

# How a set that was retrained takes over.
CANARY_PERCENT, WATCH_S = 10.0, 60.0


class Options(NamedTuple):
    """What is asked of a retraining.

    Attributes:
        since: Learn only from what was given since then; None for everything.
        is_trial: Publish nothing.
        promotes: Make the new set production.
        pushes: Copy the new set to the repository.
        tunes_encoder: Tune the title encoder too, which takes as long again and makes every other model anew.
        minutes: How long it may train and ask; None for as long as it takes.
    """

    since: datetime | None = None
    is_trial: bool = False
    promotes: bool = False
    pushes: bool = False
    tunes_encoder: bool = False
    minutes: float | None = None


class Retraining:
    """One retraining.

    Args:
        settings: Name the database, and what models are made of.

    Raises:
        InvalidInput: the models in use are of another catalogue.
        NotFound: no models are pinned for the database yet.
    """

    def __init__(self, settings: Settings):
        self._settings = settings
        self._url = settings.database_url.get_secret_value()
        self._engine = connect(self._url, settings.database_timeout_s, STATEMENT_TIMEOUT_S)
        migrate(self._engine)
        self._catalogue = Catalogue(self._engine)
        self._in_use = production_set(self._url, weights_of(settings))
        if self._in_use.catalogue != self._catalogue.version():
            raise InvalidInput("The models in use were made for another catalogue. Run `make setup` first.")

    def run(self, options: Options) -> SetManifest | None:
        """Retrain, ask, and publish where that is better.

        Returns:
            The new set; None where there is none.

        Raises:
            Unavailable: it has taken too long; the next one goes on where it was.
        """
        lessons = choose_lessons(
            self._catalogue.lessons(options.since),
            self._catalogue.artists(),
            self._catalogue.counts()["playlists"],
            self._in_use.name,
        )
        CONSOLE.print(told_counts(lessons.counts))
        with within(options.minutes):
            self._make_untaught(self._settings_of_encoder(lessons) if options.tunes_encoder else self._settings)
            made_from = made_from_lessons(self._base, lessons)
            if self._in_use.models.playlist_autoencoder.startswith(f"{RECOMMENDER}:{made_from}-"):
                CONSOLE.print("Nothing is new: the recommender in use has learned all of it.")
                return None

            base, settings = self._base, self._settings
            with step("recommender") as tell:
                candidate = train_candidate(self._catalogue, self._embeddings, lessons, base, settings, tell)
            with step("questions to both"):
                verdict = compare(self._in_use.models.playlist_autoencoder, candidate, self._embeddings, lessons)
        show(verdict)
        if not self._may_publish(verdict, options.is_trial):
            return None

        made = self._publish(candidate, made_from, lessons, verdict)
        self._write_page(made, candidate, lessons)
        self._put_into_use(made, options)
        return made

    def _make_untaught(self, settings: Settings) -> None:
        """Make what nobody taught, as far as it is not there: the encoder of these settings, index and recommender."""
        self._embeddings = Embeddings(self._engine, publish_encoder(settings))
        self._index = publish_index(self._catalogue, self._embeddings)
        self._base = publish_autoencoder(self._catalogue, self._embeddings, settings)

    def _settings_of_encoder(self, lessons: Lessons) -> Settings:
        """The settings with an encoder that is tuned on the playlists and the lessons."""
        from training.retrain.encoder import tuned_encoder

        playlists = read_catalogue(self._engine).playlists
        made_of = (self._in_use.catalogue, lessons.digest())
        source, seed = self._settings.title_encoder_source, self._settings.seed
        with step("title encoder") as tell:
            folder = tuned_encoder(playlists, lessons.learned, source, made_of, seed, tell)
        return self._settings.model_copy(update={"title_encoder_source": str(folder)})

    def _may_publish(self, verdict: Verdict, is_trial: bool) -> bool:
        """Say whether the new recommender is published, and why not."""
        if not verdict.is_passed:
            CONSOLE.print(f"[yellow]The set {self._in_use.name} stays in use:[/]")
            for reason in verdict.reasons:
                CONSOLE.print(f"  {reason}", soft_wrap=True)
        elif is_trial:
            CONSOLE.print("The new recommender may be published; this was a trial, so nothing is.")
        return verdict.is_passed and not is_trial

    def _publish(self, candidate: Candidate, made_from: str, lessons: Lessons, verdict: Verdict) -> SetManifest:
        """Make a set of the new recommender and what it works with, with its card."""
        copy = partial(shutil.copytree, candidate.folder, dirs_exist_ok=True)
        labels = self._embeddings.labels | {"catalogue": self._in_use.catalogue, "lessons": lessons.digest()}
        models = ModelPins(
            title_encoder=self._embeddings.encoder_tag,
            title_index=self._index,
            playlist_autoencoder=find_stored(RECOMMENDER, made_from) or store(RECOMMENDER, made_from, copy, labels),
        )
        paints = weights_of(self._settings)
        name = set_name(models, paints)
        if is_registered(name):
            made = read_set(name)
        else:
            card = self._card(name, models, candidate, lessons, verdict)
            told = {"card.md": card.markdown(), "card.json": card.json()}
            made = make_set(models, paints, self._in_use.name, told)
        CONSOLE.print(f"[green]✓[/] set [bold]{made.name}[/], its card is var/sets/{made.name}/card.md")
        return made

    def _card(self, name: str, models: ModelPins, candidate: Candidate, lessons: Lessons, verdict: Verdict) -> Card:
        learned = candidate.data.learned
        return Card(
            name=name,
            parent=self._in_use.name,
            made_at=datetime.now(UTC),
            models=models.model_dump(),
            data={
                "playlists learned": sum(number >= 0 for number in learned.ids),
                "playlists kept to ask about": len(candidate.data.held_back.ids),
                "songs": len(candidate.data.facts),
                "catalogue": self._in_use.catalogue,
                "lessons": lessons.digest(),
            },
            lessons=lessons.counts.as_dict(),
            settings={"goes on from": self._base, "seed": self._settings.seed, **vars(Recipe.going_on())},
            checks=verdict.checks,
        )

    def _write_page(self, made: SetManifest, candidate: Candidate, lessons: Lessons) -> None:
        """Write what the likes changed, beside the folders of retrainings: it holds titles that creators typed."""
        old, new = contenders(self._in_use.models.playlist_autoencoder, candidate, self._embeddings)
        others = [" | ".join(parts) for parts in candidate.data.held_back.titles]
        titles = titles_to_show([*lessons.learned, *lessons.asked], others)
        page = FOLDER / f"changes-{made.name}.html"
        write_changes(changed_lists(old, new, titles, self._catalogue), made.name, page)
        CONSOLE.print(f"[green]✓[/] what the likes changed: var/retrain/{page.name}")

    def _put_into_use(self, made: SetManifest, options: Options) -> None:
        """Copy the set to the repository and make it production, as far as that is asked."""
        if options.pushes:
            repository = open_repository("", self._settings)
            push(made, repository, lambda size: None)
            CONSOLE.print(f"[green]✓[/] {made.name} is in {escape(repository.address)}")
        if not options.promotes:
            CONSOLE.print(f"Put it into use: .venv/bin/python -m training.publish promote {made.name}")
            return
        canary = Canary(CANARY_PERCENT, WATCH_S)
        take_over = in_running_services(database_key(self._url), canary, CONSOLE.print)
        promote(made.name, self._url, weights_of(self._settings), take_over=take_over)
        CONSOLE.print(f"[green]✓[/] {made.name} is production of this database")


def told_counts(counts: LessonCounts) -> str:
    """What became of the log, in a line."""
    left_out = {
        "teach nothing": counts.empty,
        "copies": counts.copies,
        "of clients that said too much": counts.capped,
        "older": counts.older,
    }
    others = ", ".join(f"{count:,} {name}" for name, count in left_out.items() if count)
    return (
        f"{counts.read:,} liked or changed lists of {counts.clients:,} clients: {counts.learned:,} are learned, "
        f"{counts.asked:,} kept to ask about" + (f"; left out: {others}" if others else "")
    )


def show(verdict: Verdict) -> None:
    """Print what was held against limits."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for heading in ("", "in use", "new", "change, 95% interval", "allowed or wanted", ""):
        table.add_column(heading, no_wrap=True)
    marks = {True: "[green]holds[/]", False: "[red]does not hold[/]", None: "[dim]cannot be told[/]"}
    for check in verdict.checks:
        figures = (f"{check.old:.4f}", f"{check.new:.4f}", change_of(check))
        table.add_row(check.name, *figures, check.limit, marks[check.holds])
    print_whole(table, CONSOLE)
