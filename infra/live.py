"""The service of `make up` behind its door (`infra.front`), where one set of models can take the place of another.

The new set is started beside the old one, warmed up, and given a share of the callers; its answers are held against
the old one's. Then it answers everybody, and the old one ends when it has answered all that it was asked. A set that
fails more, or answers more slowly, is ended instead, and nobody is left without an answer.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from aiplayer.errors import Unavailable
from aiplayer.handover import Answered
from aiplayer.promotion import PromotionRequest
from aiplayer.settings import Settings
from aiplayer.starting import Tell
from frontend.client import ServiceClient, ServiceError
from infra.canary import Record, check_failures, check_speed
from infra.front import Front
from infra.instance import Instance
from infra.instances import free_port, refuse_busy, service, set_environment, wait_until_ready
from infra.programs import Program

# Two instances take turns; each has a log and a folder for what it measures.
NAMES = ("service", "service-b")
WARM_UP_TITLES = ("비 오는 날 카페에서 듣는 재즈", "late night city drive", "여름 드라이브")
# A picture may take as long; pictures of picture jobs are painted anew by the new set.
LONGEST_DRAIN_S = 300.0
LOOK_EVERY_S = 0.5
ANSWER_TIMEOUT_S = 20.0
# What no process of the service could count.
UNCOUNTED = ("unreachable", "timeout")

Confirm = Callable[[], bool]


class Start(Protocol):
    """What makes the program of an instance: `infra.instances.service`."""

    def __call__(self, port: int, environment: Mapping[str, str], name: str) -> Program:
        """The program.

        Args:
            port: Where it listens.
            environment: Environment variables of its own.
            name: That of its log.
        """


class Running(NamedTuple):
    """An instance that answers.

    Attributes:
        program: Its processes.
        url: Where it is asked directly.
        instance: How its door hands callers to it.
    """

    program: Program
    url: str
    instance: Instance


class Live:
    """The service behind its door; a context that ends both.

    Args:
        port: Where callers come.
        settings: Name the set that is served at first, how many processes the gateway has, and the key of the page.
        start: Makes the program of an instance.

    Raises:
        Unavailable: the port is taken.
    """

    def __init__(self, port: int, settings: Settings, start: Start = service) -> None:
        self.port = port
        self._settings = settings
        self._start_program = start
        self._stack = ExitStack()
        self._promoting = threading.Lock()
        # All that was started and has not ended.
        self._started: list[Running] = []
        self._starting, self._ending = threading.Lock(), threading.Lock()
        self._is_closing = False
        self.current: Running

    def __enter__(self) -> "Live":
        refuse_busy(self.port, "PORT")
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aiplayer-")))
            self._front = Front(self.port)
            stack.callback(self._front.close)
            stack.callback(self._end_all)
            # A process that is started anew must not read other pins meanwhile, which are those of the next set.
            first = set_environment(self._settings.models, self._settings.diffusion_weights)
            self.current = self._start(NAMES[0], first)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        # The door closes first: whoever has come through it is answered.
        self._front.close()
        self._stack.close()

    def open(self) -> None:
        """Let callers in, when the service is ready."""
        self._front.share_out((self.current.instance, 1.0))
        self._front.open()

    def promote(self, request: PromotionRequest, tell: Tell, confirm: Confirm) -> None:
        """Let another set take the place of the one that is served.

        Args:
            request: The set.
            tell: Called with what is done.
            confirm: Called when the new set answers everybody; says whether it shall stay.

        Raises:
            AIPlayerError: it does not start, is worse, or shall not stay; the old one goes on.
        """
        if not self._promoting.acquire(blocking=False):
            raise Unavailable("Another set is being promoted. Try again when that is done.")
        try:
            self._replace(request, tell, confirm)
        finally:
            self._promoting.release()

    def _replace(self, request: PromotionRequest, tell: Tell, confirm: Confirm) -> None:
        old = self.current
        name = NAMES[1 - NAMES.index(old.program.name)]
        tell(f"starting the set {request.name} beside the one in use")
        with self._ended_unless_kept(name, set_environment(request.models, request.diffusion_weights)) as (new, keep):
            wait_until_ready(new.url, new.program)
            self._warm_up(new)
            share = request.canary_percent / 100
            if share and request.watch_s:
                tell(f"it answers {request.canary_percent:g}% of the callers for {request.watch_s:g} s")
                self._watch(old, new, share, request.watch_s)
            self._front.share_out((new.instance, 1.0))
            tell("it answers everybody")
            if not confirm():
                raise Unavailable("Nobody has written down that the set is production.")
            self.current = new
            keep()
        tell("the old set answers what it was asked, and ends")
        old.instance.drain(LONGEST_DRAIN_S)
        self._end(old)

    @contextmanager
    def _ended_unless_kept(
        self, name: str, environment: Mapping[str, str]
    ) -> Iterator[tuple[Running, Callable[[], None]]]:
        """A new instance, and what keeps it; one that is not kept ends, and the old one answers everybody."""
        new = self._start(name, environment)
        is_kept = threading.Event()
        try:
            yield new, is_kept.set
        finally:
            if not is_kept.is_set():
                self._front.share_out((self.current.instance, 1.0))
                new.instance.drain(LONGEST_DRAIN_S)
                self._end(new)

    def _start(self, name: str, environment: Mapping[str, str]) -> Running:
        port = free_port()
        base = self._folder / name
        own = {"AIPLAYER_HANDOVER_BASE": str(base), "AIPLAYER_STARTED_BY": str(os.getpid())}
        program = self._start_program(port, {**environment, **own}, name=name)
        running = Running(program, f"http://127.0.0.1:{port}", Instance(base, self._settings.gateway_workers))
        with self._starting:
            if self._is_closing:
                raise Unavailable("`make up` is being stopped.")
            program.__enter__()
            self._started.append(running)
        return running

    def _end(self, running: Running) -> None:
        """End an instance, unless it has ended; where another thread is about it, wait until it has."""
        with self._ending:
            if running in self._started:
                running.program.__exit__(None, None, None)
                running.instance.close()
                self._started.remove(running)

    def _end_all(self) -> None:
        """End what was started, also what is only being promoted."""
        with self._starting:
            self._is_closing = True
        for running in list(self._started):
            self._end(running)

    def _warm_up(self, running: Running) -> None:
        """Ask for a few playlists, so that no caller is the first.

        Raises:
            Unavailable: they are not answered.
        """
        for title in WARM_UP_TITLES:
            try:
                self._ask(running, title)
            except ServiceError as error:
                raise Unavailable(f"The new set does not answer: {error.message}") from error

    def _ask(self, running: Running, title: str) -> None:
        key = self._settings.service_key.get_secret_value()
        with ServiceClient(running.url, ANSWER_TIMEOUT_S, key) as client:
            client.similar(title)

    def _watch(self, old: Running, new: Running, share: float, seconds: float) -> None:
        """Give the new instance its share, and hold its answers against the old one's.

        Raises:
            Unavailable: it fails more often, answers more slowly, or has ended.
        """
        records = {running: Record() for running in (old, new)}
        for running in records:
            running.instance.answered()
        self._front.share_out((old.instance, 1 - share), (new.instance, share))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(LOOK_EVERY_S)
            new.program.check()
            for running, record in records.items():
                record.add(self._answered(running))
            check_failures(records[old], records[new])
        check_speed(records[old], records[new])

    def _answered(self, running: Running) -> list[Answered]:
        """What an instance has answered lately; where nobody calls there is a question of our own all the same."""
        unanswered = []
        try:
            self._ask(running, WARM_UP_TITLES[0])
        except ServiceError as error:
            if error.code in UNCOUNTED:
                unanswered.append(Answered(requests=1, failures=1))
        return running.instance.answered() + unanswered
