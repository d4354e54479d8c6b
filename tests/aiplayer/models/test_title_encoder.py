import pytest

from aiplayer.errors import InvalidInput
from aiplayer.models import title_encoder


@pytest.mark.parametrize("source", ["no/such/folder", "nobody/no-such-encoder"])
def test_an_encoder_that_is_not_there_is_refused_with_what_is_allowed(source, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InvalidInput, match=f"{source} cannot be loaded. Set title_encoder_source to a folder"):
        title_encoder.create(source)
