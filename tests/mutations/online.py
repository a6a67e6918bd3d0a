"""What could break of booking online: changing, paying, and confirming a phone."""

from typing import Final

from .mutation import (
    BOOKING,
    BOOKING_TESTS,
    GATEWAY,
    GATEWAY_TESTS,
    SALES,
    SALES_TESTS,
    SCHEDULER,
    SCHEDULER_TESTS,
    Mutation,
)

ONLINE: Final = (
    Mutation(
        "a reschedule that leaves the old timer",
        f"{SCHEDULER}/consumers.py",
        (("case AppointmentRescheduled(appointment=appointment):", "case str(appointment):"),),
        f"{SCHEDULER_TESTS}/test_moving_time.py::"
        "test_the_old_start_of_a_moved_appointment_never_begins",
    ),
    Mutation(
        "a clock that moves the timers of every chain",
        f"{SCHEDULER}/store.py",
        (("WHERE timers.chain_id = clock.chain_id AND", "WHERE"),),
        f"{SCHEDULER_TESTS}/test_moving_time.py::"
        "test_a_clock_that_is_set_moves_its_own_chain_alone",
    ),
    Mutation(
        "the clock of a sandbox goes back",
        f"{BOOKING}/domain/clocks.py",
        (("if wanted < now + ahead:", "if False:"),),
        f"{BOOKING_TESTS}/test_clocks.py::test_a_clock_never_goes_back_and_stays_within_ten_years",
    ),
    Mutation(
        "a new time accepted before membership has answered",
        f"{BOOKING}/commands/reschedules.py",
        (("if reschedule.plan.by_membership:", "if False:"),),
        f"{BOOKING_TESTS}/test_rescheduling.py::"
        "test_until_membership_has_answered_the_old_time_stays_in_force_and_both_slots_are_taken",
    ),
    Mutation(
        "an appointment rescheduled after its start",
        f"{BOOKING}/domain/rescheduling.py",
        (("if at >= appointment.start:", "if False:"),),
        f"{BOOKING_TESTS}/test_rescheduling.py::"
        "test_a_client_reschedules_until_the_deadline_for_cancelling_and_nobody_after_the_start",
    ),
    Mutation(
        "capacity check dropped on a move",
        f"{BOOKING}/domain/rescheduling.py",
        (
            (
                "    with diary.giving(appointment.cells):\n",
                """\
    if wanted.event_id in diary.events:
        diary.events[wanted.event_id].capacity += len(appointment.lines)
    with diary.giving(appointment.cells):
""",
            ),
        ),
        f"{BOOKING_TESTS}/test_rescheduling.py::"
        "test_spots_are_moved_to_another_event_of_the_same_service",
    ),
    Mutation(
        "a capacity below the spots that are taken",
        f"{BOOKING}/domain/event_changes.py",
        (("if capacity < event.spots_taken:", "if False:"),),
        f"{BOOKING_TESTS}/test_changing_events.py::"
        "test_a_capacity_below_the_spots_taken_is_refused_with_both_numbers",
    ),
    Mutation(
        "an event that is moved without its starts",
        f"{BOOKING}/commands/event_changes.py",
        (("if fact is not None:", "if False:"),),
        f"{BOOKING_TESTS}/test_changing_events.py::"
        "test_moving_an_event_moves_all_its_starts_and_keeps_their_settings",
    ),
    Mutation(
        "awaiting payment accepted without payment",
        f"{BOOKING}/domain/decisions.py",
        (("if not booking.to_pay:", "if True:"),),
        f"{BOOKING_TESTS}/test_paying_online.py::test_sessions_are_held_before_the_rest_is_paid",
    ),
    Mutation(
        "a booking accepted whose payment came late",
        f"{BOOKING}/commands/prepayments.py",
        ((' or booking.state != "awaiting_payment":', ":"),),
        f"{BOOKING_TESTS}/test_paying_online.py::test_a_payment_that_comes_late_changes_nothing",
    ),
    Mutation(
        "spots kept for whoever does not pay",
        f"{BOOKING}/commands/overdue.py",
        (('case "awaiting_payment":', 'case "paid":'),),
        f"{BOOKING_TESTS}/test_paying_online.py::test_spots_that_are_not_paid_in_time_fall_free",
    ),
    Mutation(
        "what was paid online is debited, too (rule A16)",
        f"{BOOKING}/domain/planning.py",
        (("service.automatic_debiting and not paid_online", "service.automatic_debiting"),),
        f"{BOOKING_TESTS}/test_paying_online.py::"
        "test_a_group_prepayment_is_of_all_spots_and_no_membership_pays_them_too",
    ),
    Mutation(
        "an individual service with both settings (rule G2)",
        f"{BOOKING}/domain/settings.py",
        (('and online_payment(service, location) != "off"', "and False"),),
        f"{BOOKING_TESTS}/test_settings_domain.py::"
        "test_an_individual_service_takes_either_prepayment_or_the_membership_switch",
    ),
    Mutation(
        "somebody else's appointment within a client's reach",
        f"{BOOKING}/commands/wishes.py",
        (("principal.role is not Role.CLIENT or principal.phone", "True or principal.phone"),),
        f"{BOOKING_TESTS}/test_own_bookings.py::"
        "test_what_is_somebody_elses_is_not_found_by_a_client",
    ),
    Mutation(
        "a code tried a sixth time",
        f"{GATEWAY}/phones/store.py",
        (("AND tries < 5 ", "AND tries < 6 "),),
        f"{GATEWAY_TESTS}/test_phones.py::test_a_code_has_five_tries",
    ),
    Mutation(
        "a code that confirms twice",
        f"{GATEWAY}/phones/store.py",
        (("AND confirmed_at IS NULL ", ""),),
        f"{GATEWAY_TESTS}/test_phones.py::"
        "test_a_code_is_valid_once_for_five_minutes_and_until_the_next",
    ),
    Mutation(
        "an event of the payment provider that nobody signed",
        f"{GATEWAY}/api/webhooks.py",
        (
            (
                "_signatures.verify_header(body, signature, secret, tolerance=_OLDEST_SECONDS)",
                "body.decode()",
            ),
        ),
        f"{GATEWAY_TESTS}/test_webhooks.py::test_what_stripe_has_not_just_signed_is_refused",
    ),
    Mutation(
        "money for what does not stand is kept",
        f"{SALES}/domain/payments.py",
        (("and (payment.refused or line", "and (line"),),
        f"{SALES_TESTS}/test_payments_domain.py::"
        "test_money_for_what_does_not_stand_is_given_back_and_never_said_to_be_received",
    ),
    Mutation(
        "money that comes twice is received twice",
        f"{SALES}/domain/payments.py",
        (("if payment.state in {State.PAID, State.REFUNDED}:", "if False:"),),
        f"{SALES_TESTS}/test_payments_domain.py::test_money_that_comes_twice_is_received_once",
    ),
)
