"""What could break of the life of a membership: frozen, shared, adjusted, voided; its history."""

from typing import Final

from .mutation import MEMBERSHIP, MEMBERSHIP_TESTS, Mutation

LIFE: Final = (
    Mutation(
        "a late start judged by the present state (rule A14)",
        f"{MEMBERSHIP}/domain/memberships.py",
        (("any(past.contains(instant) for past in self.past_freezes)", "False"),),
        f"{MEMBERSHIP_TESTS}/test_freezing.py::"
        "test_a_start_that_is_settled_late_finds_the_membership_as_it_was_then"
        "[since0-until0-False]",
    ),
    Mutation(
        "a start after the last frozen day that nobody noticed (rule A14)",
        f"{MEMBERSHIP}/domain/memberships.py",
        (("if ends_at is None or instant < ends_at:", "if True:"),),
        f"{MEMBERSHIP_TESTS}/test_freezing.py::"
        "test_a_start_on_the_day_on_which_a_freeze_ends_is_debited_though_nobody_noticed",
    ),
    Mutation(
        "frozen for more days than the type allows",
        f"{MEMBERSHIP}/domain/freezing.py",
        (("if asked is not None and asked > latest:", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_freezing.py::"
        "test_the_days_of_all_freezes_count_together_and_the_refusal_tells_those_that_are_left",
    ),
    Mutation(
        "unfrozen as of when the timer looked",
        f"{MEMBERSHIP}/domain/freezing.py",
        (
            (
                "return _unfreeze(wallets, membership, ends_at, None)",
                "return _unfreeze(wallets, membership, now, None)",
            ),
        ),
        f"{MEMBERSHIP_TESTS}/test_freezing.py::"
        "test_a_freeze_ends_as_the_local_day_begins_however_late_that_is_noticed",
    ),
    Mutation(
        "held sessions taken without force (rule X6)",
        f"{MEMBERSHIP}/domain/adjusting.py",
        (("if ending and not force:", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_adjusting.py::"
        "test_taking_what_is_held_is_refused_and_names_those_that_start_latest",
    ),
    Mutation(
        "force ends what starts first (rule X6)",
        f"{MEMBERSHIP}/domain/releasing.py",
        (("reverse=True", "reverse=False"),),
        f"{MEMBERSHIP_TESTS}/test_adjusting.py::"
        "test_by_force_the_holds_that_start_latest_are_released_and_said",
    ),
    Mutation(
        "an adjustment that always adds (rule X1)",
        f"{MEMBERSHIP}/domain/ledger.py",
        (("bucket.adjusted += sessions", "bucket.adjusted += abs(sessions)"),),
        f"{MEMBERSHIP_TESTS}/test_adjusting.py::"
        "test_an_adjustment_changes_the_balance_and_is_in_the_ledger_with_its_sign",
    ),
    Mutation(
        "a voided membership pays",
        f"{MEMBERSHIP}/domain/memberships.py",
        (('return "status_not_valid" if membership.state == "voided" else None', "return None"),),
        f"{MEMBERSHIP_TESTS}/test_adjusting.py::"
        "test_a_voided_membership_pays_nothing_keeps_its_balance_and_stays_voided",
    ),
    Mutation(
        "who was removed keeps what is held (rule S2)",
        f"{MEMBERSHIP}/domain/sharing.py",
        (("    if not held:\n", "    if True:\n"),),
        f"{MEMBERSHIP_TESTS}/test_unsharing.py::"
        "test_what_the_client_holds_there_moves_to_the_clients_other_memberships",
    ),
    Mutation(
        "a reversed use that counts (rule S3)",
        f"{MEMBERSHIP}/queries/uses.py",
        (("AND revision > use.revision", "AND false"),),
        f"{MEMBERSHIP_TESTS}/test_membership_pages.py::"
        "test_the_usage_count_always_equals_the_rows_that_are_not_reversed",
    ),
    Mutation(
        "all uses read for one page (rule S3)",
        f"{MEMBERSHIP}/queries/uses.py",
        (("ORDER BY revision DESC LIMIT $3", "AND $3::integer > 0 ORDER BY revision DESC"),),
        f"{MEMBERSHIP_TESTS}/test_membership_pages.py::"
        "test_with_many_uses_no_more_is_read_than_with_a_few",
    ),
    Mutation(
        "a history that nobody made",
        f"{MEMBERSHIP}/store/membership_changes.py",
        (("*(change.by or (None, None))", "*(None, None)"),),
        f"{MEMBERSHIP_TESTS}/test_life.py::test_every_change_is_in_the_history_with_who_and_why",
    ),
)
