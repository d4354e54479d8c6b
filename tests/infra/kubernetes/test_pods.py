"""What each pod may do, how it is asked how it is, what it is told, and how it ends."""

import re

import pytest

from aiplayer.settings import Settings
from gateway.exposure.doorkeeper import PROBES
from gateway.remote_painter import LIVES_PATH
from infra.image.context import DOCKERFILE
from infra.server import GRACE_S, PAINTER
from tests.support.kubernetes import OVERLAYS, containers, environment, of_kind, pod_templates

IMAGE = DOCKERFILE.read_text(encoding="utf-8")
PARTS = [(overlay, part) for overlay in OVERLAYS for part in ("api", "page", "painter")]
DEPLOYED = [(overlay, part) for overlay, part in PARTS if part in of_kind(overlay, "Deployment")]
# What a service that ends may take beside the grace of its callers, as `docker stop --time 45` leaves it.
STOPPED_AFTER_S = GRACE_S + 30


@pytest.mark.parametrize(("overlay", "part"), PARTS)
def test_a_pod_may_do_no_more_than_it_must(overlay, part):
    pod = pod_templates(overlay)[part]["spec"]
    assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
    security = pod["securityContext"]
    assert security["runAsNonRoot"]
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    user = f"USER {security['runAsUser']}:{security['runAsGroup']}\n"
    assert (IMAGE.count(user), security["fsGroup"]) == (2, security["runAsGroup"])

    own = containers(overlay)[part]["securityContext"]
    assert (own["allowPrivilegeEscalation"], own["readOnlyRootFilesystem"]) == (False, True)
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert not {"privileged", "runAsUser"} & own.keys()
    assert not {"hostNetwork", "hostPID", "hostIPC", "hostPath"} & pod.keys()
    assert all(volume.keys() <= {"name", "emptyDir", "secret"} for volume in pod["volumes"])


@pytest.mark.parametrize(("overlay", "part"), PARTS)
def test_what_it_takes_of_a_machine_is_bounded(overlay, part):
    resources = containers(overlay)[part]["resources"]
    assert {"cpu", "memory", "ephemeral-storage"} <= resources["requests"].keys() & resources["limits"].keys()
    volumes = pod_templates(overlay)[part]["spec"]["volumes"]
    assert all("sizeLimit" in volume["emptyDir"] for volume in volumes if "emptyDir" in volume)


@pytest.mark.parametrize(("overlay", "part"), PARTS)
def test_it_writes_where_the_image_writes_and_reads_its_secrets_where_settings_look(overlay, part):
    mounts = {mount["mountPath"]: mount for mount in containers(overlay)[part]["volumeMounts"]}
    assert mounts.keys() == {"/state", "/tmp", "/run/secrets"}
    assert "AIPLAYER_STATE=/state" in IMAGE
    assert mounts["/run/secrets"]["readOnly"]
    volumes = {volume["name"]: volume for volume in pod_templates(overlay)[part]["spec"]["volumes"]}
    secret = volumes[mounts["/run/secrets"]["name"]]["secret"]
    # The pod's group reads it, and nobody else.
    assert secret == {"secretName": f"aiplayer-{part}", "defaultMode": 0o440}


@pytest.mark.parametrize(("overlay", "part"), PARTS)
def test_every_probe_asks_a_path_that_is_served_without_a_key(overlay, part):
    asked = containers(overlay)[part]
    paths = {kind: asked[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")}
    if part == "page":
        (path,) = set(paths.values())
        assert f"http://127.0.0.1:8501{path}'" in IMAGE
    else:
        assert paths == {"startup": "/readyz", "readiness": "/readyz", "liveness": LIVES_PATH}
        assert set(paths.values()) <= PROBES

    startup = asked["startupProbe"]
    longest_s = startup["periodSeconds"] * startup["failureThreshold"]
    (service_s, page_s) = (int(seconds) for seconds in re.findall(r"--start-period=(\d+)s", IMAGE)[::-1])
    assert longest_s >= (page_s if part == "page" else service_s)


@pytest.mark.parametrize(("overlay", "part"), PARTS)
def test_its_ports_are_those_of_the_image_and_of_the_operator(overlay, part):
    ports = [port["containerPort"] for port in containers(overlay)[part]["ports"]]
    exposed = 8501 if part == "page" else 3000
    assert f"EXPOSE {exposed}\n" in IMAGE
    assert ports[0] == exposed
    assert ports[1:] in ([], [int(environment(overlay, part).get("AIPLAYER_ADMIN_PORT", 0))])


@pytest.mark.parametrize(("overlay", "part"), PARTS)
def test_what_it_is_told_are_settings_of_ours_within_their_bounds(overlay, part, monkeypatch):
    told = environment(overlay, part)
    names = {name.removeprefix("AIPLAYER_").lower() for name in told}
    assert names <= Settings.model_fields.keys()
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert Settings().model_fields_set >= names


def test_the_parts_find_one_another():
    assert environment("cpu", "page")["AIPLAYER_SERVICE_URL"] == "http://api:3000"
    for overlay in OVERLAYS:
        url = environment(overlay, "api")["AIPLAYER_PAINTER_URL"]
        # A service of Knative is asked by its whole name, and at port 80.
        assert url == ("http://painter.aiplayer.svc.cluster.local" if overlay == "knative" else "http://painter:3000")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_only_a_painter_with_a_card_is_told_to_use_one(overlay):
    limits = containers(overlay)["painter"]["resources"]["limits"]
    told = environment(overlay, "painter")
    if overlay == "cpu":
        assert "nvidia.com/gpu" not in limits
        assert "AIPLAYER_DEVICE" not in told
        return
    pod = pod_templates(overlay)["painter"]["spec"]
    assert (limits["nvidia.com/gpu"], told["AIPLAYER_DEVICE"]) == (1, "cuda")
    assert pod["nodeSelector"] == {"nvidia.com/gpu.present": "true"}
    assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_painter_is_served_alone(overlay):
    assert containers(overlay)["painter"]["args"] == ["--served", PAINTER]
    assert "args" not in containers(overlay)["api"]
    sleeps = environment(overlay, "api").get("AIPLAYER_PAINTER_SLEEPS")
    assert sleeps == ("true" if overlay in {"keda", "knative"} else None)


@pytest.mark.parametrize(("overlay", "part"), DEPLOYED)
def test_whoever_is_accepted_is_answered_before_a_pod_ends(overlay, part):
    pod = pod_templates(overlay)[part]["spec"]
    pause_s = containers(overlay)[part]["lifecycle"]["preStop"]["sleep"]["seconds"]
    needed_s = pause_s + (STOPPED_AFTER_S if part != "page" else 0)
    assert pod["terminationGracePeriodSeconds"] >= needed_s


@pytest.mark.parametrize(("overlay", "part"), DEPLOYED)
def test_an_update_takes_no_pod_away_before_another_is_ready(overlay, part):
    update = of_kind(overlay, "Deployment")[part]["spec"]["strategy"]["rollingUpdate"]
    has_card = "nvidia.com/gpu" in containers(overlay)[part]["resources"]["limits"]
    # A card more is what few have.
    assert update == ({"maxSurge": 0, "maxUnavailable": 1} if has_card else {"maxSurge": 1, "maxUnavailable": 0})


@pytest.mark.parametrize(("overlay", "part"), DEPLOYED)
def test_pods_are_spread_over_zones_and_machines(overlay, part):
    template = pod_templates(overlay)[part]
    spread = template["spec"]["topologySpreadConstraints"]
    assert [over["topologyKey"] for over in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    for over in spread:
        assert over["labelSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        assert (over["maxSkew"], over["whenUnsatisfiable"]) == (1, "ScheduleAnyway")
