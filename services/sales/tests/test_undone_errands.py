"""What the payment provider does not do is counted, for somebody to look at."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from contracts.values import Appointment
from sales import queries
from sales.domain.payments import ErrandKind
from sales.errands.stripe_checkout import StripeCheckout
from sales.queries import Undone

from .paying import KEY, Till, online, request

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
NONE = Undone()


async def test_an_errand_is_late_when_it_was_tried_five_times_in_vain(
    till: Till, hear: Hear, appointment: New
) -> None:
    there = till.performer
    away = StripeCheckout(url="http://127.0.0.1:9", api_key=KEY, return_url="http://shop.test/")
    till.performer = replace(there, provider=away)
    await hear(request(online(appointment(1500))))
    for tries in range(5):
        assert await queries.undone_errands(till.database) == dict.fromkeys(ErrandKind, NONE), tries
        await till.perform()
    late = await queries.undone_errands(till.database)
    assert late == {**dict.fromkeys(ErrandKind, NONE), ErrandKind.OPEN: Undone(late=1)}
    till.performer = there
    await till.perform()
    assert await queries.undone_errands(till.database) == dict.fromkeys(ErrandKind, NONE)


async def test_an_errand_is_late_when_nobody_tries_it(
    till: Till, hear: Hear, appointment: New
) -> None:
    await hear(request(online(appointment(1500))))
    await till.database.pool.execute(
        "UPDATE errands SET due_at = now() - interval '2 minutes' WHERE kind = 'open'"
    )
    assert (await queries.undone_errands(till.database))[ErrandKind.OPEN] == Undone(late=1)


async def test_what_the_provider_declines_is_counted_for_good(
    till: Till, hear: Hear, appointment: New
) -> None:
    await hear(request(online(appointment(1500))).model_copy(update={"description": ""}))
    await till.perform()
    assert (await queries.undone_errands(till.database))[ErrandKind.OPEN] == Undone(failed=1)
