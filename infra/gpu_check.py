"""Proves on a machine with a GPU that the models compute on it: python -m infra.gpu_check.

It looks for the cards, puts each model where a runner would, compiles by XLA, computes in half precision, paints a
picture, and compares all with the processor; in five minutes at most. Without a card all but the device is tried.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from aiplayer.cards import Card, visible_cards
from aiplayer.settings import PROJECT
from infra.card_checks import CHECKS
from infra.findings import NO_CARD, Finding
from infra.programs import ENVIRONMENT

# All of it on a card; a processor that others use too may take longer.
LONGEST_S, LONGEST_WITHOUT_S = 300.0, 1_800.0
GIB = 2**30
SKIPPED = """
SKIPPED, SKIPPED, SKIPPED: the device part. There is no card here, so nothing of this has run on one.
On a machine that has a card: python -m infra.gpu_check --require-gpu
"""


def check_cards(cards: list[Card]) -> Iterator[Finding]:
    """What the driver tells of the cards."""
    if not cards:
        yield Finding("cards", "SKIPPED", NO_CARD)
        return

    import pynvml

    pynvml.nvmlInit()
    yield Finding("driver", "ok", pynvml.nvmlSystemGetDriverVersion())
    for number, card in enumerate(cards):
        yield Finding(f"cuda:{number}", "ok", f"{card.model}, {card.memory_bytes / GIB:.0f} GiB")


def run_check(name: str, timeout_s: float) -> list[Finding]:
    """What a check finds, in a process of its own.

    Args:
        name: Its name in `CHECKS`.
        timeout_s: For how long it may take, in seconds.
    """
    command = [sys.executable, "-m", "infra.card_checks", name]
    environment = {**ENVIRONMENT, **os.environ, "PYTHONPATH": str(PROJECT)}
    what = name.replace("_", " ")
    try:
        ended = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        return [Finding(what, "FAILED", f"took longer than the {timeout_s:.0f} s that were left")]

    findings = [Finding(**json.loads(line)) for line in ended.stdout.splitlines() if line.startswith('{"what"')]
    if ended.returncode:
        last_line = (ended.stderr.strip().splitlines() or ["it said nothing"])[-1]
        findings.append(Finding(what, "FAILED", f"ended with status {ended.returncode}: {last_line}"))
    return findings


def main() -> int:
    """Print what is found; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.gpu_check", description=__doc__)
    parser.add_argument("--require-gpu", action="store_true", help="fail where there is no card")
    parser.add_argument("--only", choices=CHECKS, action="append", help="a check; may be given several times")
    arguments = parser.parse_args()

    cards = visible_cards(os.environ)
    end_s = time.monotonic() + (LONGEST_S if cards else LONGEST_WITHOUT_S)
    has_failed = _show(check_cards(cards))
    for name in arguments.only or CHECKS:
        has_failed |= _show(run_check(name, max(end_s - time.monotonic(), 0.0)))

    if not cards:
        print(SKIPPED, end="", flush=True)
        return 1 if has_failed or arguments.require_gpu else 0
    print("\nFAILED: see above" if has_failed else "\n✓ the models compute on the card as on the processor")
    return int(has_failed)


def _show(findings: Iterator[Finding] | list[Finding]) -> bool:
    """Print findings as they come; whether one of them has failed."""
    has_failed = False
    for finding in findings:
        print(f"{finding.status:<8} {finding.what:<24} {finding.words}", flush=True)
        has_failed |= finding.status == "FAILED"
    return has_failed


if __name__ == "__main__":
    sys.exit(main())
