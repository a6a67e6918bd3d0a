"""The list: what must never break unseen, how it could break, and the test that sees it."""

from typing import Final

from .life import LIFE
from .mutation import (
    BOOKING,
    BOOKING_TESTS,
    MEMBERSHIP,
    MEMBERSHIP_TESTS,
    MESSAGING,
    SALES,
    SALES_TESTS,
    SCHEDULER,
    SCHEDULER_TESTS,
    TOY,
    Mutation,
)
from .online import ONLINE
from .paying import PAYING

MUTATIONS: Final = (
    Mutation(
        "no inbox insert",
        f"{MESSAGING}/inbox.py",
        (
            (
                """\
    INSERT INTO inbox (message_id)
    SELECT unnest($1::uuid[])
    ON CONFLICT DO NOTHING
    RETURNING message_id
""",
                "    SELECT unnest($1::uuid[]) AS message_id\n",
            ),
        ),
        f"{TOY}/test_crashes.py::"
        "test_a_kill_at_any_point_and_a_second_delivery_leave_one_effect[before_acknowledge]",
    ),
    Mutation(
        "a repeated command counts as new",
        f"{MESSAGING}/inbox.py",
        (
            (
                "    ON CONFLICT DO NOTHING\n    RETURNING command_id\n",
                """\
    ON CONFLICT (command_id) DO UPDATE SET request_hash = excluded.request_hash
    RETURNING command_id
""",
            ),
        ),
        f"{TOY}/test_commands.py::test_a_repeated_command_gets_the_stored_reply_and_has_one_effect",
    ),
    Mutation(
        "acknowledge before the commit",
        f"{MESSAGING}/consumer.py",
        (
            (
                """\
            await self._batches.settle(records)
            self._batches.checkpoint("before_acknowledge")
            await _acknowledge(message.consumer, records)
""",
                """\
            await _acknowledge(message.consumer, records)
            await self._batches.settle(records)
            self._batches.checkpoint("before_acknowledge")
""",
            ),
        ),
        f"{TOY}/test_crashes.py::"
        "test_a_kill_at_any_point_and_a_second_delivery_leave_one_effect[before_commit]",
    ),
    Mutation(
        "what cannot be read is dropped",
        f"{MESSAGING}/batches.py",
        (("        if letters:\n", "        if False:\n"),),
        f"{TOY}/test_dead_letters.py::test_unreadable_messages_are_set_aside_with_their_reasons",
    ),
    Mutation(
        "a poison message takes its batch along",
        f"{MESSAGING}/batches.py",
        (("            if len(arrivals) == 1:\n", "            if arrivals:\n"),),
        f"{TOY}/test_dead_letters.py::test_a_poison_message_in_a_full_batch_leaves_the_other_499",
    ),
    Mutation(
        "a replay forgets an answer that stands",
        f"{MESSAGING}/operations.py",
        (("AND state = 'refused' AND status = $2", "AND $2::integer > 0"),),
        f"{TOY}/test_decisions.py::"
        "test_a_command_that_was_carried_out_meanwhile_is_not_carried_out_again",
    ),
    Mutation(
        "a replay judged by its own time",
        f"{MESSAGING}/decoding.py",
        (("return appended_at if first is None else", "return appended_at if True else"),),
        f"{TOY}/test_decisions.py::test_a_replayed_message_is_judged_by_the_time_of_its_first_copy",
    ),
    Mutation(
        "outbox read by a cursor: id > last",
        f"{MESSAGING}/relay.py",
        (
            ("WHERE published_at IS NULL ORDER BY", "WHERE id > $2 ORDER BY"),
            (
                "        self.leading = False\n\n    def wake",
                "        self.leading = False\n        self._last = 0\n\n    def wake",
            ),
            (
                "connection.fetch(_UNPUBLISHED, _PAGE)",
                "connection.fetch(_UNPUBLISHED, _PAGE, self._last)",
            ),
            (
                "            PUBLISHED.inc(len(done))\n",
                "            PUBLISHED.inc(len(done))\n            self._last = done[-1]\n",
            ),
        ),
        f"{TOY}/test_relay.py::test_a_row_with_a_lower_id_that_commits_later_is_published",
    ),
    Mutation(
        "outbox marked without the broker's confirmation",
        f"{MESSAGING}/relay.py",
        (("strict=True) if success]", "strict=True) if success or True]"),),
        f"{TOY}/test_relay.py::test_a_row_that_the_broker_refuses_holds_up_its_own_key_alone",
    ),
    Mutation(
        "what follows a failure of its key counts as confirmed",
        f"{MESSAGING}/publisher.py",
        (("kept.append(key not in failed)", "kept.append(success)"),),
        f"{TOY}/test_publisher.py::test_what_was_sent_after_a_failure_of_its_key_is_sent_once_more",
    ),
    Mutation(
        "no lock of wallets",
        f"{MEMBERSHIP}/store/wallets.py",
        (("ORDER BY wallet_id FOR UPDATE", "ORDER BY wallet_id"),),
        f"{MEMBERSHIP_TESTS}/test_settlements.py::"
        "test_a_batch_that_waits_for_the_lock_sees_what_the_first_one_did",
    ),
    Mutation(
        "no look at wallets that were joined meanwhile",
        f"{MEMBERSHIP}/store/wallets.py",
        (("if len(opened) < len(newcomers):", "if False:"),),
        f"{MEMBERSHIP_TESTS}/test_settlements.py::"
        "test_a_batch_that_waits_while_wallets_are_joined_decides_in_the_joined_one",
    ),
    Mutation(
        "no lock of events",
        f"{BOOKING}/store/locks.py",
        (("ORDER BY event_id FOR NO KEY UPDATE", "ORDER BY event_id"),),
        f"{BOOKING_TESTS}/test_races.py::"
        "test_two_replicas_race_for_the_last_spot_and_one_of_them_gets_it",
    ),
    Mutation(
        "no lock of team members",
        f"{BOOKING}/store/locks.py",
        (("ORDER BY team_member_id FOR NO KEY UPDATE", "ORDER BY team_member_id"),),
        f"{BOOKING_TESTS}/test_races.py::"
        "test_a_second_batch_that_waited_for_the_lock_sees_what_the_first_one_took",
    ),
    Mutation(
        "no lock of bills",
        f"{SALES}/store/bills.py",
        (("ORDER BY visit_id\nFOR NO KEY UPDATE\n", "ORDER BY visit_id\n"),),
        f"{SALES_TESTS}/test_bills.py::"
        "test_a_batch_that_waited_for_a_bill_goes_on_from_what_it_finds",
    ),
    Mutation(
        "no unique cause in the ledger",
        f"{MEMBERSHIP}/migrations/0001_memberships.sql",
        (("CREATE UNIQUE INDEX ledger_decision", "CREATE INDEX ledger_decision"),),
        f"{MEMBERSHIP_TESTS}/test_settlements.py::"
        "test_the_schema_forbids_to_decide_about_a_line_twice",
    ),
    Mutation(
        "a start is settled again",
        f"{MEMBERSHIP}/domain/settling.py",
        ((" or _is_settled(wallets, start) or", " or"),),
        f"{MEMBERSHIP_TESTS}/test_settlements.py::"
        "test_a_start_is_settled_once_and_its_debit_recorded",
    ),
    Mutation(
        "a start is settled whose cancel was heard before",
        f"{MEMBERSHIP}/domain/appointments.py",
        ((" or revision <= self.revision\n", "\n"),),
        f"{MEMBERSHIP_TESTS}/test_settlements.py::"
        "test_every_order_of_arrival_ends_in_the_same_balances[False]",
    ),
    Mutation(
        "expiry judged with < instead of <= (rule G5)",
        f"{MEMBERSHIP}/domain/memberships.py",
        (("membership.expires_on <= today:", "membership.expires_on < today:"),),
        f"{MEMBERSHIP_TESTS}/test_holding.py::test_a_membership_that_expires_today_is_not_valid",
    ),
    Mutation(
        "an event is filled past its capacity",
        f"{BOOKING}/domain/submission.py",
        (("if spots > left:", "if False:"),),
        f"{BOOKING_TESTS}/test_races.py::"
        "test_two_replicas_race_for_the_last_spot_and_one_of_them_gets_it",
    ),
    Mutation(
        "no revision guard of settlements in booking",
        f"{BOOKING}/domain/payments.py",
        (("if revision <= appointment.settlement_revision:", "if False:"),),
        f"{BOOKING_TESTS}/test_following_payments.py::test_what_is_older_than_known_is_ignored",
    ),
    Mutation(
        "no revision guard of bills in booking",
        f"{BOOKING}/domain/payments.py",
        (("if revision <= appointment.bill_revision:", "if False:"),),
        f"{BOOKING_TESTS}/test_following_payments.py::test_what_is_older_than_known_is_ignored",
    ),
    Mutation(
        "no revision guard in sales",
        f"{SALES}/domain/facts.py",
        (("return known is None or fact.revision > known.revision", "return True"),),
        f"{SALES_TESTS}/test_bills.py::test_all_orders_of_arrival_end_in_the_same_bill[True]",
    ),
    Mutation(
        "no revision guard of known timers",
        f"{SCHEDULER}/domain/timers.py",
        (("if timer is not None and plan.revision <= timer.revision:", "if False:"),),
        f"{SCHEDULER_TESTS}/test_timers_domain.py::"
        "test_an_acceptance_that_is_heard_after_its_cancel_revives_nothing",
    ),
    Mutation(
        "no revision guard of timers stored meanwhile",
        f"{SCHEDULER}/store.py",
        (("WHERE timers.revision < excluded.revision\n", ""),),
        f"{SCHEDULER_TESTS}/test_following_plans.py::"
        "test_a_newer_plan_that_was_stored_meanwhile_stays",
    ),
    Mutation(
        "a timer claimed without its state change",
        f"{SCHEDULER}/store.py",
        (("SET state = 'fired', fired_at =", "SET fired_at ="),),
        f"{SCHEDULER_TESTS}/test_firing.py::test_a_claim_that_was_rolled_back_is_said_by_the_next",
    ),
    Mutation(
        "a timer claimed that another replica is claiming",
        f"{SCHEDULER}/store.py",
        (("    FOR UPDATE SKIP LOCKED\n", ""),),
        f"{SCHEDULER_TESTS}/test_firing.py::"
        "test_a_replica_leaves_to_another_what_that_one_is_claiming",
    ),
    Mutation(
        "the process's clock instead of the database's",
        f"{SCHEDULER}/store.py",
        (
            ("due_at <= (SELECT clock_timestamp())", "due_at <= $2"),
            (
                "from typing import Any, Final\n",
                "from datetime import UTC, datetime\nfrom typing import Any, Final\n",
            ),
            (
                "transaction.fetch(_CLAIM, limit)",
                "transaction.fetch(_CLAIM, limit, datetime.now(UTC))",
            ),
        ),
        f"{SCHEDULER_TESTS}/test_firing.py::"
        "test_a_start_is_said_at_its_instant_by_the_databases_clock",
    ),
    Mutation(
        "timers claimed a second early",
        f"{SCHEDULER}/store.py",
        (("(SELECT clock_timestamp())", "(SELECT clock_timestamp() + interval '1 s')"),),
        f"{SCHEDULER_TESTS}/test_firing.py::"
        "test_a_start_is_said_at_its_instant_by_the_databases_clock",
    ),
    *LIFE,
    *ONLINE,
    *PAYING,
)
