"""Every alert asks for metrics that exist, and has a page in the runbook that says what to do."""

from typing import Any

import pytest

from alerts import RUNBOOK, metrics, page_of, rules, unknown_metrics
from deployment import ROOT

PARTS = ("## What it means", "## What clients see", "## Look here", "## Do this")


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_metrics_that_exist(rule: dict[str, Any]) -> None:
    assert unknown_metrics(rule["expr"], metrics()) == set()


@pytest.mark.parametrize(
    ("expression", "unknown"),
    [
        ("sum by (job) (messaging_lag{topic='x'}) > 1", {"messaging_lag"}),
        ("max by (group) (messaging_consumer_lag_messages) > 1", set[str]()),
        ("rate(http_responses[5m]) > 0", {"http_responses"}),
        ("up == 0", set[str]()),
    ],
)
def test_an_expression_that_asks_for_something_else_is_seen(
    expression: str, unknown: set[str]
) -> None:
    assert unknown_metrics(expression, metrics()) == unknown


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    page = (ROOT / page_of(rule)).read_text()
    assert rule["alert"] in page
    assert [line for line in page.splitlines() if line.startswith("## ")] == list(PARTS)


def test_the_runbook_has_a_page_for_alerts_only_and_lists_each() -> None:
    pages = {file.name for file in RUNBOOK.glob("*.md")} - {"README.md"}
    assert pages == {page_of(rule).rpartition("/")[2] for rule in rules()}
    index = (RUNBOOK / "README.md").read_text()
    assert [page for page in pages if f"({page})" not in index] == []
