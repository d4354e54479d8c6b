"""The running service answers what a cluster asks it, and the Ingress passes on what it serves to strangers."""

import pytest

from gateway.metrics import OPERATORS_PATHS
from tests.support.kubernetes import OVERLAYS, containers, of_kind


@pytest.mark.parametrize("kind", ["startup", "readiness", "liveness"])
def test_probes_are_answered(client, kind):
    probes = {containers(overlay)["api"][f"{kind}Probe"]["httpGet"]["path"] for overlay in OVERLAYS}
    assert [client.get(path).status_code for path in probes] == [200]


def test_the_ingress_passes_on_the_api_and_nothing_of_the_operators(client):
    (rule,) = of_kind("cpu", "Ingress")["api"]["spec"]["rules"]
    exact = {path["path"] for path in rule["http"]["paths"] if path["pathType"] == "Exact"}
    beginnings = {path["path"] for path in rule["http"]["paths"] if path["pathType"] == "Prefix"}

    served = {path for path in client.get("/docs.json").json()["paths"] if path not in OPERATORS_PATHS}
    assert served
    assert {path for path in served if path not in exact and "/" + path.split("/")[1] not in beginnings} == set()
    passed_on = exact | beginnings
    assert passed_on - {"/" + path.split("/")[1] for path in served} == {"/", "/docs.json", "/healthz"}
