"""Who may connect to whom, and what comes in from outside."""

import pytest

from aiplayer.settings import Settings
from tests.support.kubernetes import OVERLAYS, Place, may_connect, of_kind, place_of

INGRESS, MONITORING, STRANGER = Place("ingress-nginx"), Place("monitoring"), Place("default")
NAMES = Place("kube-system", {"k8s-app": "kube-dns"})
OUTSIDE = Place("")
API, PAGE, PAINTER = "api", "page", "painter"


@pytest.fixture(params=OVERLAYS)
def overlay(request) -> str:
    return request.param


def test_requests_take_the_one_way_that_they_have(overlay):
    api, page, painter = (place_of(overlay, part) for part in (API, PAGE, PAINTER))
    assert may_connect(overlay, INGRESS, api, 3000)
    assert may_connect(overlay, INGRESS, page, 8501)
    assert may_connect(overlay, page, api, 3000)
    assert may_connect(overlay, api, painter, 3000)

    for source, target, port in [
        (page, painter, 3000),
        (painter, api, 3000),
        (api, page, 8501),
        (INGRESS, painter, 3000),
        (STRANGER, api, 3000),
        (STRANGER, page, 8501),
        (STRANGER, painter, 3000),
    ]:
        assert not may_connect(overlay, source, target, port)


def test_measurements_are_the_operators_alone(overlay):
    for part in (API, PAINTER):
        target = place_of(overlay, part)
        assert may_connect(overlay, MONITORING, target, 9100)
        assert not may_connect(overlay, INGRESS, target, 9100)
        assert not may_connect(overlay, MONITORING, target, 3000)


def test_only_the_service_reaches_the_database(overlay):
    for database in (OUTSIDE, Place("mysql")):
        assert may_connect(overlay, place_of(overlay, API), database, 3306)
        assert not may_connect(overlay, place_of(overlay, PAGE), database, 3306)
        assert not may_connect(overlay, place_of(overlay, PAINTER), database, 3306)


def test_all_learn_addresses_and_only_what_pulls_models_reaches_the_world(overlay):
    for part in (API, PAGE, PAINTER):
        source = place_of(overlay, part)
        assert may_connect(overlay, source, NAMES, 53, "UDP")
        assert may_connect(overlay, source, OUTSIDE, 443) == (part != PAGE)
        assert not may_connect(overlay, source, OUTSIDE, 80)
        assert not may_connect(overlay, source, STRANGER, 443)


def test_knative_reaches_its_painter():
    api, painter = place_of("knative", API), place_of("knative", PAINTER)
    assert may_connect("knative", api, Place("kourier-system"), 8081)
    assert may_connect("knative", Place("knative-serving"), painter, 8012)
    assert not may_connect("gpu", api, Place("kourier-system"), 8081)
    assert not may_connect("knative", STRANGER, painter, 8012)


@pytest.mark.parametrize("name", [API, PAGE])
def test_from_outside_everything_comes_by_tls(overlay, name):
    ingress = of_kind(overlay, "Ingress")[name]["spec"]
    (tls,) = ingress["tls"]
    assert [rule["host"] for rule in ingress["rules"]] == tls["hosts"]
    assert tls["secretName"] == f"aiplayer-{name}-tls"
    for path in ingress["rules"][0]["http"]["paths"]:
        assert path["backend"] == {"service": {"name": name, "port": {"name": "http"}}}
        assert path["backend"]["service"]["name"] in of_kind(overlay, "Service")


def test_the_ingress_takes_what_the_service_takes(overlay):
    annotations = {
        name: {key.removeprefix("nginx.ingress.kubernetes.io/"): value for key, value in told.items()}
        for name, told in (
            (name, manifest["metadata"]["annotations"]) for name, manifest in of_kind(overlay, "Ingress").items()
        )
    }
    assert int(annotations[API]["proxy-body-size"]) == Settings.model_fields["max_body_bytes"].default
    # Longer than the longest answer, so that the service itself tells its callers that time is up.
    assert int(annotations[API]["proxy-read-timeout"]) > 86_400
    assert annotations[API]["proxy-next-upstream"] == "off"
    assert (annotations[PAGE]["affinity"], annotations[PAGE]["affinity-mode"]) == ("cookie", "persistent")
