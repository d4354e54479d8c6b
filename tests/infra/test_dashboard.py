"""Every expression of the dashboard asks for what the real service measures, by labels that it has."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aiplayer.settings import PROJECT
from tests.support.service import TITLE, post_ok

pytestmark = pytest.mark.process

DASHBOARD = json.loads((PROJECT / "infra" / "grafana" / "aiplayer.json").read_text(encoding="utf-8"))
ROWS = [
    "Traffic",
    "Errors and refusals",
    "Latency",
    "Queues and batches",
    "Caches",
    "Pictures",
    "Processes",
]
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[a-zA-Z_:][\w:]*|\S')
NAME = re.compile(r"[a-zA-Z_:][\w:]*")
GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
# Prometheus adds these itself.
OF_PROMETHEUS = {"instance", "job"}


class Asked(NamedTuple):
    """What an expression asks for: names of series, and the labels by which it chooses and groups them."""

    names: set[str]
    labels: set[str]


def asked_of(expression: str) -> Asked:
    """The names and labels in an expression of PromQL."""
    tokens = [token for token in TOKEN.findall(expression) if token[0] not in '"[']
    names, labels = set(), set()
    inside, word = "", ""
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if token in "{(":
            inside = token if token == "{" or word in GROUPING else ""
        elif token in "})":
            inside = ""
        elif NAME.fullmatch(token):
            if inside:
                labels.add(token)
            elif token not in GROUPING and following != "(" and following not in GROUPING:
                names.add(token)
        word = token
    return Asked(names, labels)


def panels() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(
    ("expression", "names", "labels"),
    [
        ("sum by (le, stage) (rate(a_bucket[5m]))", {"a_bucket"}, {"le", "stage"}),
        ('sum(rate(a{code=~"5..", x="y{z}"}[$__rate_interval])) / sum(rate(b[1h]))', {"a", "b"}, {"code", "x"}),
        ("time() - max without (job) (a)", {"a"}, {"job"}),
        ("60 * a / on (x) group_left (y) b", {"a", "b"}, {"x", "y"}),
        ("histogram_quantile(0.95, a_bucket)", {"a_bucket"}, set()),
    ],
)
def test_names_and_labels_are_found_in_expressions(expression, names, labels):
    assert asked_of(expression) == (names, labels)


def test_the_rows_are_what_an_operator_asks_about():
    assert [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"] == ROWS


def test_every_panel_has_a_place_of_its_own_and_says_what_it_shows():
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    drawn = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in drawn]
    assert len(places) == len(set(places))
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in drawn)
    assert all(panel["description"] and panel["targets"] for panel in drawn)
    assert all(target["legendFormat"] for panel in drawn for target in panel["targets"])


@pytest.fixture(scope="module")
def measured(client) -> dict[str, set[str]]:
    """The labels of all series of a service that has done a little of everything, by their names."""
    post_ok(client, "/similar", title=TITLE)
    post_ok(client, "/recommend", title=TITLE)
    client.post("/thumbnail", json={"title": TITLE, "overlay": True})
    client.get("/nowhere")
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


@pytest.mark.parametrize(("title", "expression"), list(panels()), ids=[title for title, _ in panels()])
def test_an_expression_asks_for_what_is_measured(measured, title, expression):
    names, labels = asked_of(expression)
    assert names
    assert names <= set(measured)
    known = set().union(*(measured[name] for name in names)) | OF_PROMETHEUS
    assert labels <= known


def test_every_measurement_of_ours_is_drawn_and_explained(measured):
    own = {re.sub("_(bucket|count|sum|created)$", "", name) for name in measured if name.startswith("aiplayer_")}
    drawn = " ".join(expression for _, expression in panels())
    explained = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {name for name in own if name not in drawn} == set()
    assert {name for name in own if f"`{name}`" not in explained} == set()
