"""Appointments end: holds are released, and what was debited comes back, unless charged."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.appointments import Ending
from membership.domain.reversing import Settled, reverse
from membership.domain.wallets import Wallets


class AppointmentEnd(NamedTuple):
    """An appointment ended: it was cancelled, or its booking, of an unnamed chain, was refused."""

    client_id: UUID
    chain_id: UUID | None
    ending: Ending

    @property
    def appointment_id(self) -> UUID:
        """Which appointment it was."""
        return self.ending.appointment_id


def end_appointment(wallets: Wallets, end: AppointmentEnd, now: datetime) -> list[Settled]:
    """Release what is held for an appointment and give back what was debited, unless charged.

    With a charge, the hold stays for the start to settle, and what was debited stays debited.
    """
    ending = end.ending
    known = wallets.endings.get(ending.appointment_id)
    if known is not None and not _is_news(ending, known):
        return []
    wallets.end(ending)
    if ending.how == "charged":
        return []
    wallet = wallets.by_client[end.client_id]
    for hold in wallet.holds_of(ending.appointment_id):
        wallet.release(hold.line_id)
    return reverse(wallets, wallet, ending.appointment_id, now)


def _is_news(ending: Ending, known: Ending) -> bool:
    """Whether it ends otherwise than was known: by a newer revision, or by never having stood."""
    if known.how == "refused":
        return False
    return ending.how == "refused" or ending.revision > known.revision
