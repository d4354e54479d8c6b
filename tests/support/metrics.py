"""Reading what /metrics answers, and what this process has measured."""

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


def samples(text: str, name: str, **labels: str) -> list[Sample]:
    """The samples of this name that have these labels, others besides."""
    return [
        sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]


def total(text: str, name: str, **labels: str) -> float:
    """Their sum; 0 where there is none."""
    return sum(sample.value for sample in samples(text, name, **labels))


def measured(name: str, **labels: str) -> float:
    """What this process has measured, 0 where it has not."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
