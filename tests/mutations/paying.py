"""What could break of paying an appointment: once, by a session or by money, and undone."""

from typing import Final

from .mutation import (
    BOOKING,
    BOOKING_TESTS,
    MEMBERSHIP,
    MEMBERSHIP_TESTS,
    SALES,
    SALES_TESTS,
    Mutation,
)

PAYING: Final = (
    Mutation(
        "no claim check at the start (rule A16)",
        f"{MEMBERSHIP}/domain/wallets.py",
        (("if any(claim.is_open for claim in claims):", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_paid_once.py::"
        "test_a_claimed_line_has_no_hold_and_the_start_skips_it_and_nothing_is_short",
    ),
    Mutation(
        "a debited line is claimed (rule A16)",
        f"{MEMBERSHIP}/domain/claiming.py",
        (("if taken := _taken(wallets, request):", "if taken := ():"),),
        f"{MEMBERSHIP_TESTS}/test_paid_once.py::"
        "test_a_debited_line_is_not_claimed_nor_are_those_asked_for_with_it",
    ),
    Mutation(
        "an undone debit is debited again (rule A10)",
        f"{MEMBERSHIP}/domain/wallets.py",
        (
            (
                "if line is not None and line.undone_at is not None and line.undone_at >= start:",
                "if False:",
            ),
        ),
        f"{MEMBERSHIP_TESTS}/test_paid_once.py::"
        "test_what_was_undone_after_the_start_is_not_debited_automatically_again",
    ),
    Mutation(
        "debited by hand before the client has come (rule A13)",
        f"{MEMBERSHIP}/domain/memberships.py",
        (("if not membership.auto_deduction and not has_come:", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_paid_once.py::"
        "test_by_hand_the_second_switch_or_a_client_who_has_come_is_needed",
    ),
    Mutation(
        "a line debited by hand twice",
        f"{MEMBERSHIP}/domain/debiting.py",
        (("if known is not None and known.is_debited:", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_paid_once.py::test_a_line_is_debited_by_hand_once",
    ),
    Mutation(
        "the start debits what was debited by hand",
        f"{MEMBERSHIP}/domain/settling.py",
        (("if known is not None and known.is_debited:", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_paid_once.py::"
        "test_a_debit_by_hand_before_the_start_is_planned_and_the_start_debits_the_rest",
    ),
    Mutation(
        "the start of an older plan is settled",
        f"{MEMBERSHIP}/domain/settling.py",
        (("if start.plan.revision < wallets.plan_in_force(start.appointment_id):", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_rescheduling.py::"
        "test_an_old_start_that_comes_after_the_move_debits_nothing",
    ),
    Mutation(
        "debited without auto-deduction (rule A13)",
        f"{MEMBERSHIP}/domain/memberships.py",
        (("    if not membership.auto_deduction:\n", "    if False:\n"),),
        f"{MEMBERSHIP_TESTS}/test_settling.py::"
        "test_a_membership_without_auto_deduction_is_never_debited_automatically",
    ),
    Mutation(
        "a merged service without the automatic debiting of one of them (rule A11)",
        f"{BOOKING}/domain/merging.py",
        (
            (
                "any(each.automatic_debiting for each in together)",
                "service.automatic_debiting",
            ),
        ),
        f"{BOOKING_TESTS}/test_merging.py::"
        "test_a_merged_service_has_automatic_debiting_on_if_one_of_them_had_it",
    ),
    Mutation(
        "a merged service with the larger number of hours (rule A17)",
        f"{BOOKING}/domain/merging.py",
        (("min(each.free_cancellation_hours", "max(each.free_cancellation_hours"),),
        f"{BOOKING_TESTS}/test_merging.py::"
        "test_a_merged_service_has_the_smallest_of_the_numbers_of_hours",
    ),
    Mutation(
        "a merge that breaks G2",
        f"{BOOKING}/domain/merging.py",
        (("    must_agree(result, location)\n", ""),),
        f"{BOOKING_TESTS}/test_merging.py::"
        "test_a_merge_that_puts_the_two_settings_together_is_refused_and_changes_nothing",
    ),
    Mutation(
        "money taken before membership has decided (rule A16)",
        f"{SALES}/domain/counter/deciding.py",
        (("return wanted or _conclude(", "return wanted + _conclude("),),
        f"{SALES_TESTS}/test_counter.py::"
        "test_a_line_that_is_planned_to_be_debited_is_claimed_before_money_is_taken",
    ),
    Mutation(
        "two operators take money for one line",
        f"{SALES}/domain/counter/deciding.py",
        (("counter.why_taken(each) or (", "("),),
        f"{SALES_TESTS}/test_counter.py::test_two_operators_at_one_visit_do_not_charge_twice",
    ),
    Mutation(
        "claims kept for a payment that was refused",
        f"{SALES}/domain/counter/claiming.py",
        (("for each in end(payment, state) if", "for each in end(payment, state)[:0] if"),),
        f"{SALES_TESTS}/test_counter.py::"
        "test_a_session_that_was_faster_refuses_the_payment_and_frees_the_other_claims",
    ),
)
