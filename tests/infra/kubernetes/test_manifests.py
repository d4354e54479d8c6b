"""Every overlay builds, and what it builds is what Kubernetes, KEDA and Knative take."""

import json
from collections import Counter

import kubernetes_validate
import pytest
import yaml
from pydantic import ValidationError

from tests.support.custom_resources import CUSTOM
from tests.support.kubernetes import FOLDER, NAMESPACE, OVERLAYS, built, containers, of_kind, pod_templates

# The oldest Kubernetes where preStop may `sleep` by default, and the newest of which there is a schema.
VERSIONS = ["1.30", kubernetes_validate.latest_version()]


def test_there_are_four_overlays():
    assert OVERLAYS == ["cpu", "gpu", "keda", "knative"]
    assert all(pod_templates(overlay).keys() == {"api", "page", "painter"} for overlay in OVERLAYS)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_applied_keeps_to_the_schemas_to_the_last_field(version):
    different = {json.dumps(manifest): manifest for overlay in OVERLAYS for manifest in built(overlay)}
    for manifest in different.values():
        if custom := CUSTOM.get((manifest["apiVersion"], manifest["kind"])):
            custom.model_validate(manifest)
        else:
            kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_find_what_is_wrong():
    deployment = json.loads(json.dumps(of_kind("cpu", "Deployment")["api"]))
    deployment["spec"]["template"]["spec"]["containers"][0]["readOnly"] = True
    with pytest.raises(kubernetes_validate.ValidationError, match="readOnly"):
        kubernetes_validate.validate(deployment, VERSIONS[0], strict=True)

    scaled = json.loads(json.dumps(of_kind("keda", "ScaledObject")["painter"]))
    scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]["window"] = 1
    with pytest.raises(kubernetes_validate.ValidationError, match="window"):
        CUSTOM["keda.sh/v1alpha1", "ScaledObject"].model_validate(scaled)
    scaled["spec"] = of_kind("keda", "ScaledObject")["painter"]["spec"] | {"cooldownPeriods": 1}
    with pytest.raises(ValidationError, match="cooldownPeriods"):
        CUSTOM["keda.sh/v1alpha1", "ScaledObject"].model_validate(scaled)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_is_in_one_namespace_under_a_name_of_its_own(overlay):
    names = Counter(
        (manifest["apiVersion"], manifest["kind"], manifest["metadata"]["name"]) for manifest in built(overlay)
    )
    assert set(names.values()) == {1}
    assert of_kind(overlay, "Namespace").keys() == {NAMESPACE}
    for manifest in built(overlay):
        assert manifest["kind"] == "Namespace" or manifest["metadata"]["namespace"] == NAMESPACE
        assert manifest["metadata"]["labels"]["app.kubernetes.io/part-of"] == "aiplayer"


def test_the_cluster_refuses_pods_that_may_do_more_than_they_must():
    labels = of_kind("cpu", "Namespace")[NAMESPACE]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_no_secret_is_in_the_tree():
    assert not any(of_kind(overlay, "Secret") for overlay in OVERLAYS)


def test_one_file_names_the_images_and_their_one_tag():
    images = yaml.safe_load((FOLDER / "version" / "kustomization.yaml").read_text(encoding="utf-8"))["images"]
    assert len({image["newTag"] for image in images}) == 1
    tagged = {f"{image['newName']}:{image['newTag']}" for image in images}
    assert {part["image"] for overlay in OVERLAYS for part in containers(overlay).values()} == tagged

    by_name = {image["name"]: f"{image['newName']}:{image['newTag']}" for image in images}
    assert containers("cpu")["painter"]["image"] == containers("gpu")["api"]["image"] == by_name["ai-player"]
    for overlay in ("gpu", "keda", "knative"):
        assert containers(overlay)["painter"]["image"] == by_name["ai-player-gpu"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_a_manifest_refers_to_is_there(overlay):
    maps = of_kind(overlay, "ConfigMap")
    used = [source["configMapRef"]["name"] for part in containers(overlay).values() for source in part["envFrom"]]
    assert sorted(used) == sorted(maps)
    # A name that ends in a digest: with other settings the pods are made anew.
    assert all(name.count("-") == 1 for name in maps)

    accounts = of_kind(overlay, "ServiceAccount")
    assert {template["spec"]["serviceAccountName"] for template in pod_templates(overlay).values()} == accounts.keys()
    for name, service in of_kind(overlay, "Service").items():
        (port,) = service["spec"]["ports"]
        assert service["spec"]["selector"].items() <= pod_templates(overlay)[name]["metadata"]["labels"].items()
        assert port["targetPort"] in {named["name"] for named in containers(overlay)[name]["ports"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_deployment_selects_its_own_pods_and_no_others(overlay):
    templates = pod_templates(overlay)
    for name, deployment in of_kind(overlay, "Deployment").items():
        selector = deployment["spec"]["selector"]["matchLabels"]
        selected = [
            part for part, template in templates.items() if selector.items() <= template["metadata"]["labels"].items()
        ]
        assert selected == [name]
