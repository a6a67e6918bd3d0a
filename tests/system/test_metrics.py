"""What the processes tell Prometheus while all is well."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from devstack import Stack
from journeys import until

SPEAKERS = ("booking", "membership", "sales", "scheduler")


def told_by(system: Stack, service: str, replica: int) -> dict[str, float]:
    """Return what a process tells: of each series the sum over its labels."""
    page = httpx.get(f"{system.service_url(service, replica)}/metrics", timeout=10).text
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0) + sample.value
    return sums


@pytest.mark.parametrize("replica", [1, 2])
@pytest.mark.parametrize("service", SPEAKERS)
def test_every_process_reaches_its_servers_and_says_so(
    system: Stack, service: str, replica: int
) -> None:
    told = until(
        lambda: told_by(system, service, replica),
        lambda told: (
            told["messaging_database_reachable"] == told["messaging_broker_reachable"] == 1
        ),
    )
    assert told["messaging_outbox_oldest_unpublished_seconds"] < 30


def test_the_gateway_counts_its_responses(system: Stack) -> None:
    def counted() -> float:
        return told_by(system, "gateway", 1).get("http_responses_total", 0)

    before = counted()
    httpx.get(f"{system.service_url('gateway')}/v1/api-keys", timeout=10)
    assert counted() > before
