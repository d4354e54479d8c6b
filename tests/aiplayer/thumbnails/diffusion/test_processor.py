"""A processor is known by its model and by what it computes with."""

import platform

from aiplayer.thumbnails.diffusion.processor import processor

X86 = """processor\t: 0
model name\t: Intel(R) Xeon(R) Platinum
flags\t\t: fpu vme avx512f amx_bf16 avx2 sse
processor\t: 1
model name\t: Another
flags\t\t: fpu
"""
ARM = "processor\t: 0\nFeatures\t: fp asimd sve bf16\nCPU part\t: 0xd40\n"


def test_the_first_core_speaks_for_all(tmp_path):
    (tmp_path / "cpuinfo").write_text(X86)
    assert processor(tmp_path / "cpuinfo") == "Intel(R) Xeon(R) Platinum (amx_bf16 avx2 avx512f)"


def test_what_is_not_said_is_left_open(tmp_path):
    (tmp_path / "cpuinfo").write_text(ARM)
    assert processor(tmp_path / "cpuinfo") == f"{platform.machine()} (asimd bf16 sve)"
    assert processor(tmp_path / "nothing") == f"{platform.machine()} ()"
