"""Where Chromium is taken from, how it is brought, and what is said when it cannot be."""

import os
from pathlib import Path

import pytest

from devstack import StackError, chromium
from devstack.progress import Progress


class Heard(Progress):
    def __init__(self) -> None:
        self.sentences: list[str] = []

    def doing(self, sentence: str) -> None:
        self.sentences.append(sentence)


def program(file: Path, script: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


@pytest.fixture(autouse=True)
def an_empty_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is there that could show a page."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.setattr(chromium, "_USUAL_PLACES", ())
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def apt(bin_folder: Path, install: str) -> Path:
    """Put an apt-get there that writes down what it is asked, and does so."""
    case = f'case "$*" in *install*) {install};; esac'
    program(bin_folder / "apt-get", f'echo "$@" >>{bin_folder.parent}/asked\n{case}')
    return bin_folder.parent / "asked"


def test_the_one_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium")
    named = program(tmp_path / "elsewhere" / "my-chromium")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium.find() == named


def test_a_name_of_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(StackError, match="CHROMIUM names /nowhere/chromium"):
        chromium.find()


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_that_of_the_machine_is_taken(tmp_path: Path, name: str) -> None:
    program(tmp_path / ".cache/ms-playwright/chromium-1200/chrome-linux64/chrome")
    there = program(tmp_path / "bin" / name)
    assert chromium.find() == there


def test_without_it_the_newest_that_playwright_keeps_is_taken(tmp_path: Path) -> None:
    kept = tmp_path / ".cache" / "ms-playwright"
    program(kept / "chromium-1200" / "chrome-linux64" / "chrome")
    newest = program(kept / "chromium-1255" / "chrome-linux64" / "chrome")
    assert chromium.find() == newest


def test_without_any_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Chromium is missing.*apt install.*brew install"):
        chromium.ensure(tmp_path, Progress())


def test_without_any_root_installs_that_of_debian(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    there = tmp_path / "bin" / "chromium"
    asked = apt(tmp_path / "bin", f"/bin/cp {tmp_path}/bin/apt-get {there}")
    heard = Heard()
    assert chromium.ensure(tmp_path, heard) == there
    assert "update" in asked.read_text()
    assert "install --no-install-recommends chromium" in asked.read_text()
    assert heard.sentences == ["Installing Chromium with apt-get (100 MB, only this once)"]
    asked.unlink()
    chromium.ensure(tmp_path, heard)
    assert not asked.exists()


def test_what_apt_complains_of_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt(tmp_path / "bin", "echo 'E: Unable to locate package' >&2; exit 100")
    with pytest.raises(StackError, match="Unable to locate package"):
        chromium.ensure(tmp_path, Progress())


def test_only_root_does_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chromium.has_sandbox()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not chromium.has_sandbox()
