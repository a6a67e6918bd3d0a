"""The server's data, its settings and its command line."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from devstack import processes
from devstack.accounts import Account, unprivileged
from devstack.errors import StackError
from devstack.postgresql import binaries
from devstack.processes import Program, mark
from devstack.progress import Progress
from devstack.state import State

ADMIN = "postgres"
# Where data go that their user could not reach in the stack's own folder.
_REACHABLE = Path("/var/lib")
_ORPHANS_SECONDS = 15


def prepare(folder: Path, state: State, progress: Progress) -> Program:
    """Make the data if there are none, and return what to start."""
    account = unprivileged()
    home = _home(folder, state, account, progress)
    data = home / "data"
    bin_folder = binaries.runnable(binaries.find(_data_version(data)), home, account)
    if data.exists():
        _clear_up(data)
    else:
        _initialize(home, bin_folder, state.password(ADMIN), account)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": state.port("postgres"),
        "unix_socket_directories": "",
        "max_connections": 200,
        "shared_buffers": "256MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return Program(
        name="postgres",
        command=[
            str(bin_folder / "postgres"),
            *("-D", str(data)),
            *options,
            *("-c", mark(folder, "postgres")),
        ],
        environment=_environment(),
        account=account,
    )


def wipe(folder: Path, state: State) -> None:
    """Remove the data of a server that does not run."""
    for home in {
        folder / "postgres",
        Path(state.recall("folders", "postgres") or folder / "postgres"),
    }:
        shutil.rmtree(home, ignore_errors=True)


def _home(folder: Path, state: State, account: Account, progress: Progress) -> Path:
    kept = state.recall("folders", "postgres")
    home = Path(kept) if kept else folder / "postgres"
    if not kept and not binaries.reachable(folder, account):
        home = Path(tempfile.mkdtemp(prefix="punchcard-postgres-", dir=_REACHABLE))
        state.keep("folders", "postgres", str(home))
    if home.parent != folder:
        cannot = f"Postgres runs as {account.user}, who cannot enter {folder}"
        progress.done(f"{cannot}: its data are in {home}")
    home.mkdir(mode=0o700, exist_ok=True)
    if account.user:
        shutil.chown(home, account.user)
    return home


def _initialize(home: Path, bin_folder: Path, password: str, account: Account) -> None:
    unfinished, password_file = home / "data.new", home / "password"
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if account.user:
        shutil.chown(password_file, account.user)
    initdb = [bin_folder / "initdb", "-D", unfinished, "--username", ADMIN]
    sign_in = ["--auth", "scram-sha-256", "--pwfile", password_file]
    done = processes.run(
        [*initdb, *sign_in, "--encoding", "UTF8", "--no-locale"],
        account=account,
        environment=_environment(),
    )
    password_file.unlink()
    if done.returncode:
        raise StackError(f"Postgres could not make its data:\n{done.stdout}{done.stderr}")
    unfinished.rename(home / "data")


def _clear_up(data: Path) -> None:
    """Wait for the children of a server that was killed, then remove what it left behind.

    Postgres works in its data folder, so whoever uses the data is found by that. When nobody does,
    `postmaster.pid` is stale, even if a stranger has the process id in it by now.
    """
    deadline = time.monotonic() + _ORPHANS_SECONDS
    while _users_of(data):
        if time.monotonic() > deadline:
            raise StackError(f"Another Postgres uses {data}: {_users_of(data)}")
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _users_of(data: Path) -> list[int]:
    found = psutil.process_iter(["cwd"])
    return [process.pid for process in found if process.info["cwd"] == str(data)]


def _data_version(data: Path) -> int | None:
    file = data / "PG_VERSION"
    return int(file.read_text()) if file.exists() else None


def _environment() -> dict[str, str]:
    """Return our environment without the settings of Postgres clients, and in plain English."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**ours, "LC_ALL": "C"}
