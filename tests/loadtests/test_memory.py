import random
import re
import subprocess
import sys

import pytest

from aiplayer.settings import PROJECT
from loadtests.memory import new_word

COMMAND = [sys.executable, "-m", "loadtests.memory"]


def test_words_are_new_and_the_same_for_a_seed():
    words = [new_word(random.Random(seed)) for seed in range(200)]
    assert len(set(words)) == 200
    assert new_word(random.Random(7)) == words[7]


@pytest.mark.process
def test_the_sizes_of_metrics_and_of_every_process_are_shown(service_url):
    ended = subprocess.run(
        [*COMMAND, "--url", service_url, "--requests", "40"], cwd=PROJECT, capture_output=True, text=True, timeout=100
    )
    assert ended.returncode == 0, ended.stderr
    for name in ("/metrics", "ai_player", "title_encoder", "playlist_autoencoder", "thumbnail"):
        assert re.search(rf"^{name}\b.*(\s+\d+\.\d){{5}}", ended.stdout, re.MULTILINE), ended.stdout
    assert "statuses: {200: 30, 404: 10}" in ended.stdout
