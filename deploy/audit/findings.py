"""What the evidence contradicts: every check yields sentences, and none when all is well."""

from collections.abc import Iterator

import calendars
import ledgers
import money
from evidence import Evidence


def findings(evidence: Evidence) -> list[str]:
    """Return all that is wrong."""
    checks = (
        *(ledgers.buckets, ledgers.revisions, ledgers.holds, ledgers.carriers),
        *(ledgers.settlements, ledgers.debits),
        *(calendars.calendar, calendars.timers, calendars.spots, calendars.starts),
        *(calendars.undecided, calendars.clocks),
        *(money.bills, money.paid_once, money.payments, money.paid_lines, money.errands),
        money.sales,
        unfinished,
    )
    return [finding for check in checks for finding in check(evidence)]


def unfinished(evidence: Evidence) -> Iterator[str]:
    """Nothing waits: everything said is published, every command answered, no letter is dead."""
    for service, counts in evidence.unfinished.items():
        for what, count in counts.items():
            if count:
                yield f"{service} has {count} {what.replace('_', ' ')}"
