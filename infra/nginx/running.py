"""Puts a configuration in NGINX's place: checked before, and without a gap for anybody."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from aiplayer.errors import InvalidInput, Unavailable
from infra.nginx.configuration import configuration_of
from infra.nginx.site import Site

UNCHANGED = "nothing has changed"


def apply(site: Site, config: Path, program: str = "nginx") -> str:
    """Have NGINX serve a site, where it does not yet; what was done.

    Args:
        site: The site.
        config: NGINX's configuration file.
        program: NGINX.

    Raises:
        InvalidInput: NGINX does not take the configuration, or a name has no address; all stays as it was.
        Unavailable: the file cannot be written, or there is no NGINX.
    """
    text = configuration_of(site)
    with suppress(OSError):
        if config.read_text(encoding="utf-8") == text and _master(site):
            return UNCHANGED

    new = config.with_suffix(".new")
    try:
        (Path(site.folder) / "acme").mkdir(parents=True, exist_ok=True)
        new.write_text(text, encoding="utf-8")
        _check(new, program)
        new.replace(config)
    except OSError as error:
        raise Unavailable(f"{error.filename} cannot be written: {error.strerror}. Run this as NGINX's user.") from error
    finally:
        new.unlink(missing_ok=True)

    master = _master(site)
    if master is None:
        return f"{config} is written; NGINX does not run yet: start it"
    # It starts new workers and lets the old ones end with what they have begun.
    os.kill(master, signal.SIGHUP)
    return f"{config} is written and NGINX told"


def _check(config: Path, program: str) -> None:
    """Have NGINX read a configuration."""
    try:
        checked = subprocess.run(
            [program, "-t", "-q", "-c", str(config.resolve())], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise Unavailable(
            f"There is no {program}. Install it (apt install nginx-light), or name it by --program."
        ) from error
    if checked.returncode:
        raise InvalidInput(f"NGINX does not take this: {checked.stderr.strip().splitlines()[0]}")


def _master(site: Site) -> int | None:
    """The process that NGINX's others are started by; None where it does not run."""
    try:
        pid = int((Path(site.folder) / "nginx.pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid
