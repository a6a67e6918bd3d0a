"""Finding a Chromium for the tests of pages, and bringing one where we may."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devstack import processes
from devstack.errors import StackError
from devstack.locks import locked
from devstack.progress import Progress

# What to start it with: then it asks for nothing but what the pages themselves ask for.
ARGUMENTS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_USUAL_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_PLAYWRIGHTS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find() -> Path | None:
    """Return the Chromium to use: that of CHROMIUM, the machine's, else one that Playwright keeps.

    StackError if CHROMIUM names a program that is not there.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        program = shutil.which(named)
        if program is None:
            raise StackError(f"CHROMIUM names {named}, which is no program.")
        return Path(program)
    return next(_candidates(), None)


def ensure(cache: Path, progress: Progress) -> Path:
    """Return the Chromium to use, after installing Debian's when there is none and we may."""
    with locked(cache / "chromium.lock"):
        found = find()
        if found is None and _may_install():
            _install(progress)
            found = find()
    if found is None:
        raise StackError(
            "Chromium is missing; the tests of the pages need it. Install it, e.g. `apt install"
            " chromium` or `brew install --cask chromium`, or take the one of Playwright:"
            " `.venv/bin/playwright install chromium`. Or let CHROMIUM name one."
        )
    return found


def has_sandbox() -> bool:
    """Return whether Chromium can be started with its sandbox, which refuses to run for root."""
    return not _is_root()


def _candidates() -> Iterator[Path]:
    for name in _PROGRAMS:
        on_path = shutil.which(name)
        if on_path:
            yield Path(on_path)
    yield from (Path(place) for place in _USUAL_PLACES if Path(place).exists())
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    caches = [Path.home() / ".cache", Path.home() / "Library" / "Caches"]
    for folder in [Path(kept)] if kept else [cache / "ms-playwright" for cache in caches]:
        for pattern in _PLAYWRIGHTS:
            yield from sorted(folder.glob(pattern), reverse=True)


def _may_install() -> bool:
    return _is_root() and shutil.which("apt-get") is not None


def _is_root() -> bool:
    return os.geteuid() == 0


def _install(progress: Progress) -> None:
    progress.doing("Installing Chromium with apt-get (100 MB, only this once)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "--quiet", "--yes", "--option", "DPkg::Lock::Timeout=300"]
    # An image of a container comes without the lists of packages.
    processes.run([*apt, "update"], environment=environment)
    install = [*apt, "install", "--no-install-recommends", "chromium"]
    done = processes.run(install, environment=environment)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise StackError(f"apt-get could not install Chromium:\n{said}")
    progress.done("Chromium is installed")
