"""A MariaDB server of the tests' own: in a temporary folder, on a free port, gone afterwards."""

import shutil
import signal
import subprocess
import tempfile
import time
from getpass import getuser
from itertools import count
from pathlib import Path
from typing import Self

import pymysql

from aiplayer.catalogue import connect
from aiplayer.settings import STATE
from infra.instances import free_port
from training.dataset import import_melon

START_TIMEOUT_S = 60
# Without a password, for it listens on the loopback interface only and holds nothing but test data.
USER = "root"
# A disk takes seconds to sync what one migration makes; what is in memory outlives the server just as well.
MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 2 * 2**30


class MariaDB:
    """The server; as a context it is started, and at the end stopped and its folder removed.

    Args:
        server: Path of `mariadbd` or `mysqld`.
        installer: Path of `mariadb-install-db`.
    """

    def __init__(self, server: str, installer: str):
        self.server = server
        self.installer = installer
        self.port = free_port()
        self.numbers = count()

    def __enter__(self) -> Self:
        # A socket's path may have at most 107 characters, so pytest's own folders are too deep.
        self.folder = Path(tempfile.mkdtemp(prefix="aiplayer-mariadb-", dir=_memory()))
        # The server will not run as root; it then changes to the user that its package has made.
        self.user = "mysql" if getuser() == "root" else getuser()
        if self.user == "mysql":
            shutil.chown(self.folder, "mysql")
        install = [self.installer, "--no-defaults", f"--user={self.user}", f"--datadir={self.folder / 'data'}"]
        install += ["--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.start()
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=START_TIMEOUT_S)
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start the server on its data and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self.server,
                    "--no-defaults",
                    f"--user={self.user}",
                    f"--datadir={self.folder / 'data'}",
                    f"--socket={self.folder / 'socket'}",
                    f"--pid-file={self.folder / 'pid'}",
                    f"--port={self.port}",
                    "--bind-address=127.0.0.1",
                ],
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "MariaDB does not answer"
            time.sleep(0.05)

    def ensure_running(self) -> None:
        """Start it where it was killed."""
        if self.process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def new_database(self) -> str:
        """Create an empty database, in the server's own character set, and give its URL."""
        name = f"test_{next(self.numbers)}"
        with pymysql.connect(host="127.0.0.1", port=self.port, user=USER) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        return f"mysql+pymysql://{USER}@127.0.0.1:{self.port}/{name}"

    def _answers(self) -> bool:
        try:
            pymysql.connect(host="127.0.0.1", port=self.port, user=USER).close()
        except pymysql.err.OperationalError:
            return False
        return True


def _memory() -> Path | None:
    """The folder that lies in memory; None where there is none with room, as in a container with its 64 MiB."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED_BYTES else None


def demo_database(server: MariaDB) -> str:
    """The URL of a new database with the demo catalogue."""
    url = server.new_database()
    (folder,) = STATE.glob("catalogue/*")
    engine = connect(url, statement_timeout_s=60)
    import_melon(folder, engine)
    engine.dispose()
    return url
