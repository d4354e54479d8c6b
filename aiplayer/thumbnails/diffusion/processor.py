"""What Linux says of the processor: two of the same name may compute in other formats, and so at other speeds."""

import platform
from pathlib import Path

# How the flags begin that say which vectors and matrices a processor computes with, on x86 and on ARM.
ARITHMETIC_FLAGS = ("amx", "avx", "fma", "asimd", "bf16", "sve")


def processor(cpu_info: Path = Path("/proc/cpuinfo")) -> str:
    """The model of this machine's processor and what it can compute with, such as "AMD EPYC (avx avx2 fma)".

    Args:
        cpu_info: The file in which Linux describes the processor; without it only the architecture is known.
    """
    try:
        lines = cpu_info.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []

    facts: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        # The first core speaks for all.
        facts.setdefault(name.strip().lower(), value.strip())

    model = facts.get("model name", platform.machine())
    flags = facts.get("flags") or facts.get("features") or ""
    arithmetic = sorted(flag for flag in flags.split() if flag.startswith(ARITHMETIC_FLAGS))
    return f"{model} ({' '.join(arithmetic)})"
