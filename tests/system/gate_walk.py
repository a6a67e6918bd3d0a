"""A random walk through the life of a studio."""

from collections.abc import Callable
from typing import Final

import gate_booking_steps as booking
import gate_changing_steps as changing
import gate_paying_steps as paying
from gate_picture import must_agree
from gate_scene import Scene

STEPS: Final[tuple[tuple[Callable[[Scene], None], int], ...]] = (
    (booking.sell, 12),
    (booking.share, 5),
    (booking.freeze, 5),
    (booking.book_spots, 30),
    (booking.book_slots, 15),
    (booking.repeat, 6),
    (changing.reschedule, 14),
    (changing.cancel, 8),
    (changing.change_service, 3),
    (changing.change_event, 3),
    (changing.move_event, 2),
    (booking.pay, 8),
    (paying.pay_at_the_counter, 6),
    (paying.undo_payment, 4),
    (paying.debit_by_hand, 6),
    (paying.undo_debit, 5),
    (changing.pass_time, 12),
)
"""What may happen, and how often."""


def walk(scene: Scene, steps: int) -> None:
    """Take so many random steps; after each, the edge and the model must agree."""
    for _ in range(4):
        booking.sell(scene)
    kinds, weights = zip(*STEPS, strict=True)
    for kind in scene.rng.choices(kinds, weights, k=steps):
        kind(scene)
        must_agree(scene)
