"""The jars of Kafka, brought by Maven once and shared by all stacks of this checkout."""

import os
import shutil
import subprocess
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from devstack import java
from devstack.errors import StackError
from devstack.locks import locked
from devstack.progress import Progress

VERSION = "4.3.1"
_UNFINISHED = "fetching-"


def ensure(cache: Path, progress: Progress) -> Path:
    """Return the folder of the jars, after fetching them into `cache` when they are not there."""
    folder = cache / f"kafka-{VERSION}"
    with locked(cache / "kafka.lock"):
        # The folder gets its name when it is complete, so its name is the proof.
        if not folder.exists():
            for abandoned in cache.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(abandoned)
            with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=cache) as unfinished:
                _fetch(Path(unfinished) / "jars", progress)
                (Path(unfinished) / "jars").rename(folder)
    return folder


def _fetch(jars: Path, progress: Progress) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise StackError(
            "Maven is missing; it fetches Kafka. Install it, e.g. `apt install maven` or"
            " `brew install maven`, or let KAFKA_BOOTSTRAP_SERVERS name a Kafka that runs already."
        )
    progress.doing(f"Fetching Kafka {VERSION} from Maven Central (45 MB, only this once)")
    with as_file(files("devstack.kafka") / "pom.xml") as pom:
        copy = [maven, "--batch-mode", "--file", str(pom), f"-DoutputDirectory={jars}"]
        fetching = subprocess.Popen(  # noqa: S603 - Maven
            [*copy, "dependency:copy-dependencies"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "JAVA_HOME": str(java.home(java.find()))},
        )
        lines = _follow(fetching, progress)
    if fetching.returncode:
        raise StackError("Maven could not fetch Kafka:\n" + "\n".join(lines[-15:]))


def _follow(fetching: subprocess.Popen[str], progress: Progress) -> list[str]:
    lines: list[str] = []
    assert fetching.stdout is not None
    with fetching:
        for line in fetching.stdout:
            lines.append(line.rstrip())
            if "Downloading from" in line and line.rstrip().endswith(".jar"):
                progress.watching(f"Fetching Kafka {VERSION}: {line.rsplit('/', 1)[-1].strip()}")
    return lines
