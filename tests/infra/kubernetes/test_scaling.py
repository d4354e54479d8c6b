"""How many pods there are of what, and by which measure."""

import pytest
from sqlalchemy import Engine, text

from aiplayer.catalogue import PictureClaims, PictureJobs, migrate
from aiplayer.settings import Settings
from tests.support.kubernetes import OVERLAYS, built, containers, of_kind, pod_templates

QUERY = of_kind("keda", "ScaledObject")["painter"]["spec"]["triggers"][0]["metadata"]["query"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_service_is_scaled_by_how_busy_its_processors_are(overlay):
    scaler = of_kind(overlay, "HorizontalPodAutoscaler")["api"]["spec"]
    target = of_kind(overlay, "Deployment")[scaler["scaleTargetRef"]["name"]]
    assert scaler["scaleTargetRef"]["apiVersion"] == target["apiVersion"]
    assert 2 <= scaler["minReplicas"] < scaler["maxReplicas"]
    (metric,) = scaler["metrics"]
    assert metric["resource"]["name"] == "cpu"
    # A share of what is requested, so something has to be.
    assert "cpu" in containers(overlay)["api"]["resources"]["requests"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_applying_again_does_not_undo_what_a_scaler_has_done(overlay):
    scaled = [*of_kind(overlay, "HorizontalPodAutoscaler").values(), *of_kind(overlay, "ScaledObject").values()]
    names = [manifest["spec"]["scaleTargetRef"]["name"] for manifest in scaled]
    assert sorted(names) == (["api", "painter"] if overlay == "keda" else ["api"])
    for name, deployment in of_kind(overlay, "Deployment").items():
        assert ("replicas" in deployment["spec"]) == (name not in names)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_machine_can_be_emptied_pod_by_pod(overlay):
    budgets = of_kind(overlay, "PodDisruptionBudget")
    assert budgets.keys() == of_kind(overlay, "Deployment").keys()
    for name, budget in budgets.items():
        selector = budget["spec"]["selector"]["matchLabels"]
        assert selector.items() <= pod_templates(overlay)[name]["metadata"]["labels"].items()
        # A least number of pods would hold up the last one.
        assert budget["spec"].keys() == {"selector", "maxUnavailable"}
        assert budget["spec"]["maxUnavailable"] == 1


def test_painters_are_scaled_by_the_jobs_that_have_not_ended(engine: Engine):
    migrate(engine)
    jobs = PictureJobs(engine)
    claims = PictureClaims(engine, lease_s=60)
    ids = [jobs.add({"title": "rain"}, None, most_unfinished=10) for _ in range(4)]

    def counted() -> int:
        with engine.connect() as connection:
            (row,) = connection.execute(text(QUERY)).all()
        return row[0]

    assert counted() == jobs.unfinished() == 4
    painted = claims.claim()
    assert counted() == 4
    claims.finish(painted, [], {})
    assert counted() == 3
    failed = claims.claim()
    claims.fail(failed.job_id, {"code": "not_painted", "message": "No."})
    (waiting, last) = (job_id for job_id in ids if job_id not in (painted.job_id, failed.job_id))
    jobs.cancel(waiting)
    assert counted() == jobs.unfinished() == 1
    jobs.cancel(last)
    assert counted() == 0


def test_keda_takes_every_card_back_when_nobody_has_wanted_a_picture_for_a_while():
    scaled = of_kind("keda", "ScaledObject")["painter"]["spec"]
    assert (scaled["minReplicaCount"], scaled["cooldownPeriod"]) == (0, 900)
    (trigger,) = scaled["triggers"]
    authentication = of_kind("keda", "TriggerAuthentication")[trigger["authenticationRef"]["name"]]
    (secret,) = authentication["spec"]["secretTargetRef"]
    assert (secret["name"], secret["key"]) == ("aiplayer-scaler", secret["parameter"])


def test_knative_does_so_too_and_starts_painters_for_requests_under_way():
    (service,) = (manifest for manifest in built("knative") if manifest["apiVersion"] == "serving.knative.dev/v1")
    told = service["spec"]["template"]["metadata"]["annotations"]
    annotations = {key.partition("/")[2]: value for key, value in told.items()}
    assert (annotations["min-scale"], annotations["metric"]) == ("0", "concurrency")
    assert int(annotations["target"]) == Settings.model_fields["diffusion_batch"].default
    assert service["metadata"]["labels"]["networking.knative.dev/visibility"] == "cluster-local"
    assert "painter" not in of_kind("knative", "Deployment")
