"""A set's card can be read by people and by programs."""

import json
from datetime import UTC, datetime

from training.retrain.card import Card
from training.retrain.contenders import Check

CARD = Card(
    name="abc",
    parent="before",
    made_at=datetime(2026, 11, 30, 4, 31, tzinfo=UTC),
    models={"title_encoder": "title_encoder:1-2"},
    data={"songs": 5_263},
    lessons={"learned": 244},
    settings={"seed": 20},
    checks=[
        Check("title_only, songs", 0.7, 0.71, "a loss of 0.01", True, 0.004, 0.016),
        Check("size, MB", 17.2, 17.4, "125% of it", True),
    ],
)


def test_people_read_what_it_was_made_of_and_how_it_did():
    text = CARD.markdown().decode()
    assert text.startswith("# Set abc\n\nMade 2026-11-30 04:31 UTC, beside the set before.\n")
    assert "- title encoder: title_encoder:1-2" in text
    assert "- songs: 5,263" in text
    assert "| title_only, songs | 0.7000 | 0.7100 | +0.0100 [+0.0040, +0.0160] | a loss of 0.01 |" in text
    assert "| size, MB | 17.2000 | 17.4000 | +0.2000 | 125% of it |" in text


def test_programs_read_the_same():
    values = json.loads(CARD.json())
    assert (values["name"], values["made_at"]) == ("abc", "2026-11-30T04:31:00+00:00")
    first, second = values["checks"]
    assert (first["name"], first["low"], first["holds"]) == ("title_only, songs", 0.004, True)
    assert second["low"] is None
