"""A process of the service as a fork of the supervisor, which has imported all of its code already.

BentoML starts a new Python for each process, and each imports the same code for seconds and keeps a copy of it. A fork
begins where the supervisor is, and shares with it what nobody writes to. Linux alone is known to do that safely here:
nothing that the supervisor imports computes in threads, and no framework for tensors is among it.
"""

import atexit
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Never

import psutil
from _bentoml_impl.worker import service as worker
from bentoml._internal import log
from setproctitle import setproctitle

IS_POSSIBLE = sys.platform == "linux"
# What BentoML would start: `python -m _bentoml_impl.worker.service ARGUMENTS`.
BEFORE_ARGUMENTS = 3
FILES = "/proc/self/fd"
OWN_COMMAND = "/proc/self/cmdline"


class ForkedWorker(psutil.Process):
    """A process of the service; to Circus it is what `psutil.Popen` is.

    Args:
        command: What BentoML would start.
        cwd: Its working directory.
        env: All of its environment variables.
        preexec_fn: Called in it first of all.
    """

    stdin = stdout = stderr = None

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        preexec_fn: Callable[[], None],
        **_: object,
    ) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # What is there by now stays; a collection of garbage would write to all of it, and so copy it.
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            _serve_as(command, cwd, env, preexec_fn)
        self.returncode: int | None = None
        super().__init__(pid)

    def poll(self) -> int | None:
        """Its status when it has ended, else None."""
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                # Circus has asked for it already.
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


def _serve_as(command: Sequence[str], cwd: str, env: Mapping[str, str], preexec_fn: Callable[[], None]) -> Never:
    """Go on as what was to be started; in the fork alone, which never comes back from here."""
    status: Any = 1
    try:
        _forget_supervisor()
        preexec_fn()
        _close_files()
        os.chdir(cwd)
        # Its place in memory is found beside the first environment.
        _take_name(command)
        os.environ.clear()
        os.environ.update(env)
        _measure_in_own_files()
        # BentoML would undo what `service.py`, which is imported already, has made of the log.
        log.configure_server_logging = lambda: None
        worker.main(list(command[BEFORE_ARGUMENTS:]), standalone_mode=False)
        status = 0
    except SystemExit as ended:
        status = ended.code
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        _leave(status)


def _leave(status: object) -> Never:
    """End this process as Python would, but for what the supervisor would do at its end."""
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status if isinstance(status, int) else int(status is not None))


def _forget_supervisor() -> None:
    """Give back what the supervisor does about signals and at its end."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    atexit._clear()


def _close_files() -> None:
    """Close what a program that is started would not have got.

    Objects of the supervisor that are still here may close it once more, so its numbers are kept from new files.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in map(int, os.listdir(FILES)):
        # The list itself was a file.
        with suppress(OSError):
            if number > 2 and number != nothing and not os.get_inheritable(number):
                os.dup2(nothing, number, inheritable=False)


def _take_name(command: Sequence[str]) -> None:
    """Be called what would have been started: whoever looks at processes tells them apart by it."""
    # Words are told apart by spaces where there is no byte of zero at the end.
    room = len(Path(OWN_COMMAND).read_bytes())
    setproctitle(" ".join(command).ljust(room))


def _measure_in_own_files() -> None:
    """Have the process write its measurements where BentoML gathers those of all."""
    from prometheus_client import values

    values.ValueClass = values.get_value_class()
