"""What axe says of a page, in light and in dark."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")


def accessible(page: Page) -> None:
    """Assert that axe finds nothing serious on a page as it is, light and dark."""
    page.evaluate(AXE_SCRIPT)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        findings = _findings(page)
        if findings:
            raise AssertionError("\n".join([f"{page.url}, {scheme}", *findings]))
    # As the visitor came.
    page.emulate_media(color_scheme="null")


def _findings(page: Page) -> list[str]:
    results: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{finding['impact']} {finding['id']}: {finding['help']}\n"
        + "\n".join(f"    {_place(node)}" for node in finding["nodes"])
        for finding in results["violations"]
        if finding["impact"] in _GRAVE
    ]


def _place(node: dict[str, Any]) -> str:
    reasons = [why["message"] for why in [*node["any"], *node["all"], *node["none"]]]
    return f"{' '.join(map(str, node['target']))} — {'; '.join(reasons)}"
