"""A copy of the code to break, and servers for the tests that look at it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devstack import Stack

from .mutation import Mutation

ROOT: Final = Path(__file__).resolve().parents[2]
_FOLDER: Final = ROOT / "build" / "mutations"
_COPIED: Final = ("libs", "services", "tests", "deploy", "pyproject.toml")
_LONGEST_TEST: Final = 60  # seconds; a break that makes a test wait for ever is seen too
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) \S+::(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Workshop:
    """A copy of the repository, and the environment in which it is what runs."""

    folder: Path
    environment: dict[str, str]

    def failing(self, *tests: str) -> list[str]:
        """Run tests of the copy until one fails; return its name, or nothing.

        Raises RuntimeError when the tests could not be run at all.
        """
        options = ["-q", "-x", "--tb=no", "-p", "no:cacheprovider", f"--timeout={_LONGEST_TEST}"]
        run = self._python("-m", "pytest", *options, *tests)
        if run.returncode == 0:
            return []
        failed = _FAILED.findall(run.stdout)
        if run.returncode != 1 or not failed:
            raise RuntimeError(f"the tests did not run:\n{run.stdout}{run.stderr}")
        return failed

    @contextmanager
    def broken(self, mutation: Mutation) -> Generator[None]:
        """Apply a mutation to the copy, and take it back at the end."""
        file = self.folder / mutation.file
        text = file.read_text()
        file.write_text(mutated(text, mutation))
        try:
            yield
        finally:
            file.write_text(text)

    def check(self) -> None:
        """See that the copy, and not the repository, is what its tests import."""
        names = [path.name for kind in ("libs", "services") for path in (ROOT / kind).iterdir()]
        names = [name for name in names if list((self.folder).glob(f"*/{name}/{name}"))]
        lines = "\n".join(f"import {name}; print({name}.__file__)" for name in names)
        run = self._python("-c", lines)
        files = run.stdout.split()
        if len(files) != len(names) or not all(Path(f).is_relative_to(self.folder) for f in files):
            raise RuntimeError(f"the copy would not be tested:\n{run.stdout}{run.stderr}")

    def _python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def workshop() -> Generator[Workshop]:
    """Copy the repository, and start Kafka and Postgres for its tests."""
    folder = _FOLDER / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    for name in _COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    stack = Stack(_FOLDER / "stack")
    stack.up(services=False)
    try:
        made = Workshop(folder, os.environ | _settings(folder, stack))
        made.check()
        yield made
    finally:
        stack.down(wipe=True)
        shutil.rmtree(folder)


def _settings(folder: Path, stack: Stack) -> dict[str, str]:
    packages = [str(path) for kind in ("libs", "services") for path in (folder / kind).iterdir()]
    return {
        "PYTHONPATH": os.pathsep.join(packages),  # before the packages that are installed in place
        "PYTHONDONTWRITEBYTECODE": "1",  # or a text of the same size and second could be mistaken
        "KAFKA_BOOTSTRAP_SERVERS": stack.bootstrap_servers,
        "POSTGRES_DSN": stack.admin_dsn,
    }


def mutated(text: str, mutation: Mutation) -> str:
    """Return the text with all edits; raises ValueError unless each old text is there once."""
    for old, new in mutation.edits:
        if text.count(old) != 1:
            raise ValueError(f"{mutation.name}: {text.count(old)} times in {mutation.file}: {old}")
        text = text.replace(old, new)
    return text
