"""The manifests of infra/kubernetes, as kustomize builds them, and what their network policies let through."""

import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from aiplayer.settings import PROJECT
from infra.server import BIN

FOLDER = PROJECT / "infra" / "kubernetes"
OVERLAYS = sorted(path.name for path in (FOLDER / "overlays").iterdir())
NAMESPACE = "aiplayer"
KNATIVE = "serving.knative.dev/v1"

Manifest = dict[str, Any]


@cache
def built(overlay: str) -> list[Manifest]:
    """All that `kubectl apply -k` would send to a cluster."""
    command = [BIN / "kubectl", "kustomize", FOLDER / "overlays" / overlay]
    ended = subprocess.run(command, capture_output=True, text=True)
    # It warns of fields that go out of use.
    assert (ended.returncode, ended.stderr) == (0, "")
    return list(yaml.load_all(ended.stdout, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def of_kind(overlay: str, kind: str) -> dict[str, Manifest]:
    """The manifests of a kind of Kubernetes itself, by their names."""
    return {
        manifest["metadata"]["name"]: manifest
        for manifest in built(overlay)
        if manifest["kind"] == kind and manifest["apiVersion"] != KNATIVE
    }


def pod_templates(overlay: str) -> dict[str, Manifest]:
    """What the pods of each part are made of: `metadata` and `spec`; the parts are `api`, `page` and `painter`."""
    workloads = [manifest for manifest in built(overlay) if has_pods(manifest)]
    return {manifest["metadata"]["name"]: manifest["spec"]["template"] for manifest in workloads}


def has_pods(manifest: Manifest) -> bool:
    """Whether pods are made of it."""
    return manifest["kind"] == "Deployment" or manifest["apiVersion"] == KNATIVE


def containers(overlay: str) -> dict[str, Manifest]:
    """The container of each part; none has a second."""
    templates = pod_templates(overlay)
    assert all(len(template["spec"]["containers"]) == 1 for template in templates.values())
    return {name: template["spec"]["containers"][0] for name, template in templates.items()}


def environment(overlay: str, part: str) -> dict[str, str]:
    """The environment variables of a part, out of its ConfigMap."""
    maps = of_kind(overlay, "ConfigMap")
    (source,) = containers(overlay)[part]["envFrom"]
    return maps[source["configMapRef"]["name"]]["data"]


class Place(NamedTuple):
    """Where a connection comes from or goes to.

    Attributes:
        namespace: Its namespace; empty for what is outside the cluster.
        labels: Those of its pod.
        ports: The names of its ports.
    """

    namespace: str
    labels: Mapping[str, str] = MappingProxyType({})
    ports: Mapping[str, int] = MappingProxyType({})


def place_of(overlay: str, part: str) -> Place:
    """One of our parts."""
    labels = pod_templates(overlay)[part]["metadata"]["labels"]
    ports = {port["name"]: port["containerPort"] for port in containers(overlay)[part]["ports"]}
    return Place(NAMESPACE, labels, ports)


def may_connect(overlay: str, source: Place, target: Place, port: int, protocol: str = "TCP") -> bool:
    """Whether the policies let a connection through: that of the source out, and that of the target in."""
    leaves = _is_let(overlay, "Egress", source, target, target, port, protocol)
    return leaves and _is_let(overlay, "Ingress", target, source, target, port, protocol)


def _is_let(overlay: str, direction: str, ours: Place, other: Place, target: Place, port: int, protocol: str) -> bool:
    if ours.namespace != NAMESPACE:
        return True
    peers = "to" if direction == "Egress" else "from"
    for rule in _rules(overlay, direction, ours):
        is_peer = peers not in rule or any(_is_selected(peer, other) for peer in rule[peers])
        is_port = "ports" not in rule or (protocol, port) in (
            (allowed["protocol"], target.ports.get(allowed["port"], allowed["port"])) for allowed in rule["ports"]
        )
        if is_peer and is_port:
            return True
    return False


def _rules(overlay: str, direction: str, ours: Place) -> Iterator[Manifest]:
    policies = [policy["spec"] for policy in of_kind(overlay, "NetworkPolicy").values()]
    chosen = [policy for policy in policies if _has_labels(policy["podSelector"], ours.labels)]
    assert any(direction in policy["policyTypes"] for policy in chosen), "what no policy chooses may do anything"
    for policy in chosen:
        yield from policy.get(direction.lower(), [])


def _is_selected(peer: Manifest, other: Place) -> bool:
    if "ipBlock" in peer:
        return not other.namespace
    # Without a selector of namespaces the namespace is the policy's own.
    own = {"matchLabels": {"kubernetes.io/metadata.name": NAMESPACE}}
    is_there = _has_labels(peer.get("namespaceSelector", own), {"kubernetes.io/metadata.name": other.namespace})
    return is_there and _has_labels(peer.get("podSelector", {}), other.labels)


def _has_labels(selector: Manifest, labels: Mapping[str, str]) -> bool:
    assert selector.keys() <= {"matchLabels", "matchExpressions"}
    expressions = selector.get("matchExpressions", [])
    assert all(expression["operator"] == "In" for expression in expressions)
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        labels.get(expression["key"]) in expression["values"] for expression in expressions
    )
