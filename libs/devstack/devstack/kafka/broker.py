"""The broker's settings, its storage and its command line."""

import os
import shutil
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from devstack import java, processes
from devstack.errors import StackError
from devstack.processes import Program, mark

_JVM = ("-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def prepare(folder: Path, jars: Path, *, port: int, controller_port: int) -> Program:
    """Write the settings, format the storage if it is new, and return what to start."""
    home = folder / "kafka"
    home.mkdir(parents=True, exist_ok=True)
    packaged = files("devstack.kafka")
    (home / "log4j2.xml").write_text((packaged / "log4j2.xml").read_text())
    listeners = f"""
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs={home / "data"}
"""
    settings = home / "server.properties"
    settings.write_text((packaged / "server.properties").read_text() + listeners)
    _format(home, jars)
    ours = f"-D{mark(folder, 'kafka')}"
    return Program(
        name="kafka",
        command=[*_java(home, jars), ours, "kafka.Kafka", str(settings)],
        environment=os.environ,
    )


def _java(home: Path, jars: Path) -> list[str]:
    logging = f"-Dlog4j2.configurationFile={home / 'log4j2.xml'}"
    return [str(java.find()), *_JVM, logging, "-cp", f"{jars}/*"]


def _format(home: Path, jars: Path) -> None:
    # The tool writes meta.properties last: without it, an earlier attempt was interrupted.
    if (home / "data" / "meta.properties").exists():
        return
    shutil.rmtree(home / "data", ignore_errors=True)
    tool = [*_java(home, jars), "kafka.tools.StorageTool", "format", "--cluster-id", uuid4().hex]
    done = processes.run([*tool, "--config", str(home / "server.properties")])
    if done.returncode:
        raise StackError(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")
