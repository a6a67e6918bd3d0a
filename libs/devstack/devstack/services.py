"""The services of this repository: which there are, what they are given, whether they are ready."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from devstack.processes import Program, mark


def discover(root: Path) -> list[str]:
    """Return the names of the services in `root` that can be run, sorted."""
    return sorted(main.parent.name for main in root.glob("*/*/__main__.py") if _is_service(main))


def instance(service: str, replica: int) -> str:
    """Return the name of one process of `service`; replicas count from 1."""
    return f"{service}-{replica}"


def program(folder: Path, service: str, name: str, environment: Mapping[str, str]) -> Program:
    """Return what to start as process `name` of `service`."""
    return Program(name=name, command=_python(folder, service, name), environment=environment)


def migration(folder: Path, service: str, environment: Mapping[str, str]) -> Program:
    """Return what migrates the database of `service` and ends."""
    name = f"{service}-migrate"
    return Program(
        name=name, command=[*_python(folder, service, name), "migrate"], environment=environment
    )


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """Return our own environment with `values` in it."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", **values}


def is_ready(url: str) -> bool:
    """Return whether the service at `url` says that it is ready for work."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _is_service(main: Path) -> bool:
    return main.parent.name == main.parent.parent.name


def _python(folder: Path, service: str, name: str) -> list[str]:
    # -P: the folder that the process is started in is no place to import from.
    return [sys.executable, "-P", f"-X{mark(folder, name)}", "-m", service]
