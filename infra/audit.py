"""Looks locked packages up among known vulnerabilities: `python -m infra.audit LOCK ...`.

It ends with 0 where none is known, with 1 where some are, and with 3 where that could not be found out.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FOUND = 1
NOT_CHECKED = 3
DATABASE = "https://api.osv.dev/v1/query"
# What pip-audit's output ends with where the database is at fault.
NO_ANSWER = ("ConnectionError", "Timeout", "HTTPError", "JSONDecodeError", "ProxyError", "SSLError", "ServiceError")


class NotChecked(Exception):
    """Why the packages could not be looked up."""


def vulnerabilities(locks: Sequence[Path], database: str = DATABASE) -> tuple[int, list[str]]:
    """Look every package of the locks up.

    Args:
        locks: Requirements with exact versions and hashes.
        database: The address of a database that answers as OSV does.

    Returns:
        How many packages were looked up, and a line for each vulnerability.

    Raises:
        NotChecked: the database does not answer, or not every package could be looked up.
    """
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    command += ["--vulnerability-service", "osv", "--osv-url", database, "--format", "json"]
    for lock in locks:
        command += ["--requirement", str(lock)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)

    packages = _packages(ended, database)
    if skipped := [package for package in packages if "skip_reason" in package]:
        raise NotChecked(f"{len(skipped)} packages were not looked up. {skipped[0]['skip_reason']}")
    return len(packages), sorted(set(_lines(packages)))


def _packages(ended: subprocess.CompletedProcess[str], database: str) -> list[dict[str, Any]]:
    """What pip-audit says of each package; it ends with 1 both where it fails and where it finds something."""
    if ended.stdout.strip():
        return json.loads(ended.stdout)["dependencies"]
    reason = (ended.stderr.strip().splitlines() or ["pip-audit said nothing."])[-1]
    if any(name in reason for name in NO_ANSWER):
        raise NotChecked(f"{database} does not answer, so nothing was checked. Try again where it can be reached.")
    raise NotChecked(f"pip-audit could not check the locks. {reason}")


def _lines(packages: list[dict[str, Any]]) -> Iterator[str]:
    for package in packages:
        for vulnerability in package["vulns"]:
            fixed_in = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            names = " ".join([vulnerability["id"], *vulnerability["aliases"]])
            yield f"{package['name']} {package['version']}: {names}, fixed in {fixed_in}"


def main() -> int:
    """Print what is known; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.audit", description=__doc__)
    parser.add_argument("locks", nargs="+", type=Path, metavar="LOCK", help="requirements with versions and hashes")
    parser.add_argument("--database", default=DATABASE, help="a database that answers as OSV does: %(default)s")
    arguments = parser.parse_args()
    try:
        count, lines = vulnerabilities(arguments.locks, arguments.database)
    except NotChecked as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_CHECKED
    for line in lines:
        print(line)
    print(f"packages looked up: {count}, known vulnerabilities: {len(lines)}")
    return FOUND if lines else 0


if __name__ == "__main__":
    sys.exit(main())
