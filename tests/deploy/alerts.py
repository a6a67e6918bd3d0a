"""The metrics that there are, and the alerts that are made of them."""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final, NamedTuple

import yaml
from prometheus_client import REGISTRY

from deployment import ROOT, SERVICES

RUNBOOK: Final = ROOT / "docs" / "runbook"
# What Prometheus knows by itself, and what every process tells.
_OF_OTHERS: Final = ("python_", "process_")
_KNOWN_ANYWAY: Final = {"up", "process_start_time_seconds"}
_WORDS: Final = re.compile(r"[a-z_]+[a-z](?=[\s\[{)]|$)")
_IN_BRACKETS: Final = re.compile(r"\{[^}]*\}|\b(?:by|without|on)\s*\([^)]*\)")
_OF_PROMQL: Final = {
    "and", "or", "unless", "sum", "max", "min", "rate", "changes", "histogram_quantile", "by",
}  # fmt: skip


class Metric(NamedTuple):
    """A metric as it is shown at /metrics."""

    name: str
    kind: str
    meaning: str


def metrics() -> list[Metric]:
    """Return the metrics of all services, by name; not those of Python and of the process."""
    for service in SERVICES:
        import_module(f"{service}.app")
    return sorted(
        Metric(_shown(family.name, family.type), family.type, family.documentation)
        for family in REGISTRY.collect()
        if not family.name.startswith(_OF_OTHERS)
    )


def rules() -> list[dict[str, Any]]:
    """Read the alerts of deploy/alerts.yml."""
    document = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def unknown_metrics(expression: str, known: Iterable[Metric]) -> set[str]:
    """Return what an expression asks for and nobody tells."""
    words = set(_WORDS.findall(_IN_BRACKETS.sub(" ", expression)))
    series = {name for one in known for name in _series(one)}
    return words - series - _KNOWN_ANYWAY - _OF_PROMQL


def page_of(rule: Mapping[str, Any]) -> str:
    """Return the path of the page that says what to do about an alert."""
    return str(rule["annotations"]["runbook"])


def _series(metric: Metric) -> Iterable[str]:
    if metric.kind != "histogram":
        return [metric.name]
    return [f"{metric.name}_{part}" for part in ("bucket", "count", "sum")]


def _shown(name: str, kind: str) -> str:
    return f"{name}_total" if kind == "counter" else name
