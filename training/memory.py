"""How much memory a process took."""

import re
from pathlib import Path


def peak_memory_mib() -> float:
    """Read the most memory that this process has held, in MiB.

    `getrusage` would count the memory of the process that started it, too.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak_kib,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(peak_kib) / 1_024
