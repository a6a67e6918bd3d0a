"""Starting, finding and stopping processes.

There are no pid files that could be stale. Every process carries the name of its stack and its
own on its command line, and the table of processes is asked who runs: so nothing is forgotten
when we are killed between two steps, and a stranger that was given an old pid is never touched.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from devstack.accounts import OURSELVES, Account

_TAIL_LINES = 25
_ROTATE_ABOVE_BYTES = 16 * 2**20

# Our own children, kept so that they are reaped when they end and their exit code is known.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to start under which name; `command` contains the `mark` of that name."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    account: Account = OURSELVES


def mark(folder: Path, name: str) -> str:
    """Return the setting that says on a command line whose process it is."""
    return f"punchcard.process={folder}:{name}"


def running(folder: Path) -> dict[str, psutil.Process]:
    """Return the living processes of the stack in `folder`, by name."""
    _reap()
    prefix = mark(folder, "")
    found: dict[str, psutil.Process] = {}
    for process in psutil.process_iter(["cmdline"]):
        name = _name_in(process.info["cmdline"] or [], prefix)
        if name is None:
            continue
        # A child that was just forked still looks like its parent, which is the older one.
        if name not in found or process.create_time() < found[name].create_time():
            found[name] = process
    return found


def start(folder: Path, program: Program) -> psutil.Process:
    """Start `program` in a session of its own; what it prints goes to `logs/<name>.log`."""
    log = log_file(folder, program.name)
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _ROTATE_ABOVE_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own programs
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/" if program.account.user else folder,
            env=dict(program.environment),
            user=program.account.user,
            group=program.account.group,
            extra_groups=program.account.extra_groups,
        )
    _children[child.pid] = child
    return psutil.Process(child.pid)


def run(
    command: Sequence[str | Path],
    *,
    account: Account = OURSELVES,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end and return what it said; OSError if there is no such program."""
    return subprocess.run(  # noqa: S603 - our own programs
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=None if environment is None else dict(environment),
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )


def exit_code(process: psutil.Process) -> int | None:
    """Return how a process that we started ourselves ended, None while it runs."""
    return _children[process.pid].poll()


def stop(process: psutil.Process, first: signal.Signals, grace: float) -> None:
    """Ask `process` to end with signal `first`, and kill its group after `grace` seconds."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(first)
    if not ended(process, grace) and process.is_running():
        os.killpg(process.pid, signal.SIGKILL)
        ended(process, grace)


def ended(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end of `process`; return whether it came within `seconds`.

    A process whose parent is another one than us has ended even if that parent does not look.
    """
    deadline = time.monotonic() + seconds
    while is_alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Return whether `process` runs and is more than an entry that waits to be reaped.

    It looks like such an entry as soon as its first thread has ended, and still has its ports and
    files while others are ending.
    """
    _reap()
    try:
        is_entry = process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
        return process.is_running() and not is_entry
    except psutil.NoSuchProcess:
        return False


def memory(process: psutil.Process) -> int:
    """Return the bytes of memory that `process` and its children hold, shared pages once."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            full = each.memory_full_info()
            total += getattr(full, "pss", full.uss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def log_file(folder: Path, name: str) -> Path:
    """Return the file that process `name` prints to."""
    return folder / "logs" / f"{name}.log"


def tail(folder: Path, name: str) -> str:
    """Return the end of the log of process `name`, as a part of an error's message."""
    log = log_file(folder, name)
    lines = log.read_text(errors="replace").splitlines()[-_TAIL_LINES:] if log.exists() else []
    return "\n".join([f"The end of {log}:", *lines])


def _name_in(command: Sequence[str], prefix: str) -> str | None:
    for argument in command:
        setting = argument.removeprefix("-D").removeprefix("-X")
        if setting.startswith(prefix):
            return setting.removeprefix(prefix)
    return None


def _reap() -> None:
    for child in list(_children.values()):
        child.poll()
