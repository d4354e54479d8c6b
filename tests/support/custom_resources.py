"""What KEDA and Knative take, as far as we use it: their own schemas come in no package that fits here.

A field that is not here is refused, though KEDA or Knative may know it.
"""

from copy import deepcopy
from typing import Annotated, Any, Literal

import kubernetes_validate
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Fields(BaseModel):
    """Refuses fields that are not its own, and numbers in place of texts."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Metadata(Fields):
    name: str
    namespace: str
    labels: dict[str, str]


class ScaleTarget(Fields):
    name: str


class MySQLQuery(Fields):
    """Where `connectionString` comes from authentication nothing else is needed; all numbers are texts."""

    query: str
    query_value: str = Field(pattern=r"^\d+(\.\d+)?$")


class Reference(Fields):
    name: str


class Trigger(Fields):
    type: Literal["mysql"]
    metadata: MySQLQuery
    authentication_ref: Reference


def as_of_an_autoscaler(behavior: dict[str, Any]) -> dict[str, Any]:
    """What is said of KEDA's autoscaler is what Kubernetes' own takes."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "any"}
    spec = {"scaleTargetRef": target, "maxReplicas": 1, "behavior": behavior}
    autoscaler = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "spec": spec}
    kubernetes_validate.validate(autoscaler, kubernetes_validate.latest_version(), strict=True)
    return behavior


class Autoscaler(Fields):
    behavior: Annotated[dict[str, Any], AfterValidator(as_of_an_autoscaler)]


class Advanced(Fields):
    horizontal_pod_autoscaler_config: Autoscaler


class ScaledObjectSpec(Fields):
    scale_target_ref: ScaleTarget
    min_replica_count: int = Field(ge=0)
    max_replica_count: int = Field(ge=1)
    polling_interval: int = Field(ge=1)
    cooldown_period: int = Field(ge=0)
    advanced: Advanced
    triggers: list[Trigger] = Field(min_length=1)


class ScaledObject(Fields):
    api_version: Literal["keda.sh/v1alpha1"]
    kind: Literal["ScaledObject"]
    metadata: Metadata
    spec: ScaledObjectSpec


class SecretTarget(Fields):
    parameter: Literal["connectionString"]
    name: str
    key: str


class TriggerAuthenticationSpec(Fields):
    secret_target_ref: list[SecretTarget] = Field(min_length=1)


class TriggerAuthentication(Fields):
    api_version: Literal["keda.sh/v1alpha1"]
    kind: Literal["TriggerAuthentication"]
    metadata: Metadata
    spec: TriggerAuthenticationSpec


# What Knative adds to a pod, and what of a pod it sees to itself and refuses.
KNATIVES_OWN = {"containerConcurrency", "idleTimeoutSeconds", "responseStartTimeoutSeconds", "timeoutSeconds"}
NOT_IN_PODS = {"terminationGracePeriodSeconds", "restartPolicy", "ephemeralContainers", "hostNetwork"}
NOT_IN_CONTAINERS = {"lifecycle", "stdin", "tty"}
PORT_NAMES = {"http1", "h2c"}


def as_of_a_pod(spec: dict[str, Any]) -> dict[str, Any]:
    """What is said of a revision is what Kubernetes takes of a pod, less what Knative refuses."""
    pod = deepcopy({key: spec[key] for key in spec.keys() - KNATIVES_OWN})
    for container in pod["containers"]:
        (port,) = container["ports"]
        assert port["name"] in PORT_NAMES
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            # Knative asks at the one port that there is.
            container[probe]["httpGet"].setdefault("port", port["containerPort"])
        assert not container.keys() & NOT_IN_CONTAINERS
    assert not pod.keys() & NOT_IN_PODS
    manifest = {"apiVersion": "v1", "kind": "Pod", "spec": pod}
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
    return spec


class RevisionMetadata(Fields):
    labels: dict[str, str]
    annotations: dict[
        Annotated[str, Field(pattern=r"^(autoscaling|serving)\.knative\.dev/[a-z-]+$")],
        str,
    ]


class RevisionTemplate(Fields):
    metadata: RevisionMetadata
    spec: Annotated[dict[str, Any], AfterValidator(as_of_a_pod)]


class KnativeServiceSpec(Fields):
    template: RevisionTemplate


class KnativeService(Fields):
    api_version: Literal["serving.knative.dev/v1"]
    kind: Literal["Service"]
    metadata: Metadata
    spec: KnativeServiceSpec


CUSTOM: dict[tuple[str, str], type[BaseModel]] = {
    ("keda.sh/v1alpha1", "ScaledObject"): ScaledObject,
    ("keda.sh/v1alpha1", "TriggerAuthentication"): TriggerAuthentication,
    ("serving.knative.dev/v1", "Service"): KnativeService,
}
