"""The table of what was done, for the console and for docs/faults.md."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import psutil
from rich.table import Table

from play import Row

_HEAD: Final = ("fault", "seed", "kills", "messages", "duplicates", "effects", "recovered in")


def table(rows: Sequence[Row]) -> Table:
    """Return the rows for the console."""
    shown = Table(*_HEAD, box=None)
    for row in rows:
        shown.add_row(*_cells(row))
    return shown


def page(rows: Sequence[Row]) -> str:
    """Return docs/faults.md."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|---|--:|--:|--:|--:|---|--:|"]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    return _PAGE.format(
        table="\n".join(lines),
        cores=os.cpu_count(),
        machine=platform.machine(),
        memory=round(psutil.virtual_memory().total / 2**30),
        python=platform.python_version(),
        date=datetime.now(UTC).date().isoformat(),
    )


def _cells(row: Row) -> list[str]:
    return [
        row.fault.replace("-", " "),
        str(row.seed),
        f"{row.kills:,}",
        f"{row.messages:,}",
        f"{row.duplicates:,}",
        row.effects,
        f"{row.recovery_seconds:.1f} s",
    ]


_PAGE: Final = """\
# Faults

What `make faults` printed on {date}: {cores} cores, {machine}, {memory} GB, Python {python};
Kafka, Postgres, two replicas of every service and the callers all on that machine.

{table}

## How to read it

Every row is a fault that strikes while appointments begin in waves, at one instant each, and in
most of them four clerks book without a pause. Callers do as the API's pages say: whoever gets no
answer, 202 or 503 repeats the request with its idempotency key. Afterwards all appointments that
began must be debited, nothing may be under way, no process may be unready, no answer may have been
another 5xx, and the audit (`make audit`) recomputes every bucket, hold, settlement, timer, bill and
calendar entry from the ledgers and events, across the services, and must find no difference.
Otherwise there is no row: the run fails.

- **seed**: `python tests/faults --seed N --only NAME` chooses the same victims again.
- **kills**: processes ended with SIGKILL. Whoever runs the services starts them again at once.
- **messages**: records that all topics have got meanwhile.
- **duplicates**: messages that services were given again and recognised. What a process had
  counted between the last look and its end is missing: there were at least so many.
- **effects**: appointments that began and were debited once; bookings meanwhile. Bookings that
  are not decided within 30 s are refused as timed out (rule X7), and count as answered. Of races
  with the start: what people were told was done, and so is; every other session was debited once.
- **recovered in**: seconds from the last kill, the moment of healing or the last wave, whichever
  was latest, until all of it was done.

| fault | what is done |
|---|---|
| services killed | random replicas of all five services, when appointments begin |
| kafka killed, postgres killed | the server, about when a wave begins |
| zombies | one replica of each service is stopped for longer than its session, and goes on |
| copied and shuffled | all that is said is said two to five times, out of order across keys |
| last session | a client and another who shares race for a membership's one session |
| start races | people change appointments within 2 s of the start; killed: what it needs |
| many starts | one of three schedulers is killed every two seconds; all begin at one instant |
| late | scheduler, membership, Kafka, or all three are dead when appointments begin |
| rolling restart | every process, one after the other; longest pause between two bookings |
| replicas added and removed | a third replica of every service comes and goes |
| partitioned | one replica of each service, from Kafka or Postgres: cut off, or half-open |
| replies lost | gateways are killed while commands are under way; everything is asked twice |

In races with the start everybody does one or two things about an appointment: cancels it with or
without charge, moves it, sets its visit status, undoes its debit, takes money for it. What each of
them was told decides what must have become of it: one session, or none, and never paid twice.

A replica that is taken away keeps its partitions until its session ends, 10 s later: members of
the groups are static, so that a restart moves nothing. That is the pause when replicas are
removed. A server that falls silent is noticed after 20 s, a relay that falls silent loses its
lead after 30 s. Crashes at each point of a batch are in `libs/messaging/tests/test_crashes.py`.
"""
