"""One membership, several clients: who may use it, who did, and who pays at the counter (S1–S7)."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from edge import Json, RefusedError
from journeys import appointment_of, book, membership_of, settled, spots, until
from sandbox import Sandbox


def share(sandbox: Sandbox, membership: str, name: str) -> str:
    """Enter a client who may use the membership from now on; return the id."""
    client = sandbox.enter(name)
    path = f"/memberships/{membership}/shared-clients"
    sandbox.studio.operator.post(path, {"client_id": client})
    return client


def outcome(sandbox: Sandbox, path: str, form: Json) -> str:
    """Have something done; return the state of what was done, or the type of the problem."""
    try:
        return str(sandbox.studio.operator.post(sandbox.here(path), form)["state"])
    except RefusedError as refused:
        return str(refused.problem["type"])


def memberships_of(sandbox: Sandbox, name: str) -> Json:
    client = sandbox.studio.clients[name].client_id
    return sandbox.studio.operator.get(f"/clients/{client}/memberships")


@pytest.mark.rule("S1", "S3", "S6")
def test_owner_and_shared_clients_book_online_with_their_own_phones_and_the_history_names_who(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer(membership_booking=True)
    family = sandbox.sell("Ana", [yoga], sessions=10)
    names = ("Ana", "Ben", "Cleo")
    for name in names[1:]:
        share(sandbox, family, name)
    event = sandbox.plan(yoga, sandbox.at(12))
    booked = {name: book(sandbox.app, sandbox.studio, name, spots(event)) for name in names}
    assert membership_of(sandbox.studio, family)["held"] == 3
    sandbox.wait_until(sandbox.at(12))
    for appointment in booked.values():
        assert settled(sandbox.studio, appointment)["debit_status"] == "debited"

    path = f"/memberships/{family}/uses"
    page = sandbox.studio.operator.get(path)
    assert page["next_cursor"] is None
    used = {page["names"][use["client_id"]]: use for use in page["uses"]}
    assert used.keys() == set(names)
    for name, use in used.items():
        assert use["service_id"] == yoga
        assert use["visit_id"] == booked[name]["visit_id"]
        assert use["appointment_id"] == booked[name]["appointment_id"]
        assert (use["sessions"], use["automatic"], use["reversed_at"]) == (1, True, None)


@pytest.mark.rule("S3")
def test_the_usage_count_is_that_of_the_rows_that_are_not_reversed(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Ana", [yoga], sessions=10)
    share(sandbox, family, "Ben")
    event = sandbox.plan(yoga, sandbox.at(12))
    booked = [sandbox.book("Ana", event, 3), sandbox.book("Ben", event, 2)]
    sandbox.wait_until(sandbox.at(12))
    for appointment in booked:
        settled(sandbox.studio, appointment)
    sandbox.change(booked[0], "undo-debit", {"line_ids": [booked[0]["lines"][0]["line_id"]]})

    first = sandbox.studio.operator.get(f"/memberships/{family}/uses", limit="3")
    rest = sandbox.studio.operator.get(
        f"/memberships/{family}/uses", limit="3", cursor=first["next_cursor"]
    )
    rows = first["uses"] + rest["uses"]
    assert (len(first["uses"]), len(rest["uses"]), rest["next_cursor"]) == (3, 2, None)
    assert len({row["entry_id"] for row in rows}) == 5
    standing = sum(row["sessions"] for row in rows if row["reversed_at"] is None)
    assert standing == membership_of(sandbox.studio, family)["used"] == 4


@pytest.mark.rule("S2")
def test_the_details_show_owner_and_shared_clients_who_are_added_and_removed(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Ana", [yoga], sessions=10)
    ben = share(sandbox, family, "Ben")
    details = membership_of(sandbox.studio, family)
    assert details["names"][details["owner_client_id"]] == "Ana"
    assert [details["names"][client] for client in details["shared_client_ids"]] == ["Ben"]

    left = sandbox.studio.operator.delete(f"/memberships/{family}/shared-clients/{ben}")
    assert left["shared_client_ids"] == []
    assert memberships_of(sandbox, "Ben")["memberships"] == []
    changes = sandbox.studio.operator.get(f"/memberships/{family}/changes")["changes"]
    assert [(one["kind"], one["client_id"]) for one in changes[:2]] == [
        ("unshared", ben),
        ("shared", ben),
    ]
    assert all(one["by"]["role"] == "operator" for one in changes[:2])


@pytest.mark.rule("S2")
def test_removing_a_shared_client_says_first_what_is_held_and_moves_or_releases_it(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Ana", [yoga], sessions=10, days=20)
    ben = share(sandbox, family, "Ben")
    own = sandbox.sell("Ben", [yoga], sessions=1, days=60)
    first, second = (
        sandbox.book("Ben", sandbox.plan(yoga, sandbox.at(12, days=day))) for day in (1, 2)
    )
    assert membership_of(sandbox.studio, family)["held"] == 2

    path = f"/memberships/{family}/shared-clients/{ben}"
    plan = sandbox.studio.operator.get(f"{path}/removal")
    moves = {hold["appointment_id"]: hold["moves_to"] for hold in plan["holds"]}
    assert moves == {first["appointment_id"]: own, second["appointment_id"]: None}
    assert membership_of(sandbox.studio, family)["held"] == 2

    sandbox.studio.operator.delete(path)
    assert membership_of(sandbox.studio, family)["held"] == 0
    assert membership_of(sandbox.studio, own)["held"] == 1

    def shown() -> list[tuple[str | None, bool]]:
        lines = [appointment_of(sandbox.studio, one)["lines"][0] for one in (first, second)]
        return [(line["membership_id"], line["hold_released"]) for line in lines]

    until(shown, lambda now: now == [(own, False), (None, True)])


@pytest.mark.rule("S4")
def test_a_profile_lists_own_and_shared_memberships_and_names_the_owner(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Ana", [yoga], sessions=10, days=20)
    ben = share(sandbox, family, "Ben")
    own = sandbox.sell("Ben", [yoga], days=60)
    path = f"/chains/{sandbox.studio.chain}/clients/{ben}/profile"
    profile = sandbox.studio.operator.get(path)
    assert profile["client"]["name"] == "Ben"
    listed = profile["memberships"]
    owners = [
        (one["membership_id"], listed["names"][one["owner_client_id"]])
        for one in listed["memberships"]
    ]
    assert owners == [(family, "Ana"), (own, "Ben")]
    assert [sale["membership_id"] for sale in profile["sales"]["sales"]] == [own]


@pytest.mark.rule("S5", "A5")
def test_a_sale_applies_a_shared_membership_by_itself_and_the_operator_switches_it(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer(automatic_debiting=False)
    family = sandbox.sell("Ana", [yoga], sessions=10, days=20)
    share(sandbox, family, "Ben")
    own = sandbox.sell("Ben", [yoga], sessions=5, days=60)
    other = sandbox.sell("Ben", [sandbox.offer()], days=10)
    appointment = sandbox.book("Ben", sandbox.plan(yoga, sandbox.at(12)), 3)
    sandbox.bill(appointment, owed=5400)

    proposal = sandbox.studio.operator.get(
        sandbox.here(f"/visits/{appointment['visit_id']}/sale-proposal")
    )
    assert [line["membership_id"] for line in proposal["lines"]] == [family] * 3
    assert proposal["to_pay"]["amount"] == 0
    candidates = {one["membership_id"]: one["reason"] for one in proposal["lines"][0]["candidates"]}
    assert candidates == {other: "service_not_covered", family: None, own: None}

    first, second, third = (line["line_id"] for line in proposal["lines"])
    form = {
        "client_id": proposal["client_id"],
        "visit_id": appointment["visit_id"],
        "lines": [
            {"kind": "visit", "line_id": first},
            {"kind": "visit", "line_id": second, "membership": own},
            {"kind": "visit", "line_id": third, "membership": "none"},
        ],
    }
    sale = sandbox.studio.operator.post(sandbox.here("/sales"), form)
    assert sale["state"] == "completed"
    assert [line["membership_id"] for line in sale["lines"]] == [family, own, None]
    assert [line["paid_by"] for line in sale["lines"]] == ["membership", "membership", "cash"]
    assert sandbox.count(family) == (1, 0)
    assert sandbox.count(own) == (1, 0)
    sandbox.bill(appointment, owed=0)


@pytest.mark.rule("A16", "A10")
def test_a_refunded_sale_gives_sessions_and_money_back_and_the_visit_is_owed_again(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer(automatic_debiting=False)
    membership = sandbox.sell("Ana", [yoga], sessions=10)
    appointment = sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(12)), 2)
    sandbox.bill(appointment, owed=3600)
    one, two = (line["line_id"] for line in appointment["lines"])
    form = {
        "client_id": sandbox.studio.clients["Ana"].client_id,
        "visit_id": appointment["visit_id"],
        "lines": [
            {"kind": "visit", "line_id": one},
            {"kind": "visit", "line_id": two, "membership": "none"},
            {"kind": "product", "name": "Tea", "price": 450, "quantity": 2, "discount": 100},
        ],
        "method": "card",
    }
    sale = sandbox.studio.operator.post(sandbox.here("/sales"), form)
    assert sale["to_pay"]["amount"] == 1800 + 800
    refunds = sandbox.here(f"/sales/{sale['sale_id']}/refunds")
    tea = {"sale_line_ids": [sale["lines"][2]["sale_line_id"]]}
    in_part = sandbox.studio.operator.post(refunds, tea)
    assert (in_part["state"], in_part["refunded"]["amount"]) == ("refunded_partially", 800)
    whole = sandbox.studio.operator.post(refunds)
    assert (whole["state"], whole["refunded"]["amount"]) == ("refunded", 2600)
    assert sandbox.count(membership) == (0, 0)
    sandbox.bill(appointment, owed=3600)
    with pytest.raises(RefusedError) as refused:
        sandbox.studio.operator.post(refunds)
    assert refused.value.problem["type"] == "/problems/conflict"


@pytest.mark.rule("S7", "S5")
def test_two_operators_at_one_visit_do_not_charge_it_twice(sandbox: Sandbox) -> None:
    yoga = sandbox.offer(automatic_debiting=False)
    membership = sandbox.sell("Ana", [yoga], sessions=10)
    appointment = sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(12)))
    sandbox.bill(appointment, owed=1800)
    [line] = appointment["lines"]
    forms: list[Json] = [
        {
            "client_id": sandbox.studio.clients["Ana"].client_id,
            "visit_id": appointment["visit_id"],
            "lines": [{"kind": "visit", "line_id": line["line_id"], "membership": choice}],
        }
        for choice in ("automatic", "none")
    ]
    with ThreadPoolExecutor(8) as operators:
        answers = list(operators.map(partial(outcome, sandbox, "/sales"), 4 * forms))
    assert answers.count("completed") == 1
    assert set(answers) == {"completed", "/problems/already-paid"}
    bill = sandbox.bill(appointment, owed=0)
    assert bill["debited"]["amount"] + bill["paid"]["amount"] == 1800
    assert sandbox.count(membership)[0] == bill["debited"]["amount"] // 1800


@pytest.mark.rule("A13", "S1")
def test_what_was_not_debited_is_settled_with_a_membership_that_is_sold_later(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer()
    sandbox.enter("Ana")
    event = sandbox.plan(yoga, sandbox.at(12))
    appointment = sandbox.book("Ana", event, 2)
    sandbox.wait_until(sandbox.at(12))
    assert settled(sandbox.studio, appointment)["debit_status"] == "not_debited"
    ana = sandbox.studio.clients["Ana"].client_id
    debts = sandbox.studio.operator.get(f"/chains/{sandbox.studio.chain}/clients/{ana}/debts")
    assert [debt["visit_id"] for debt in debts["debts"]] == [appointment["visit_id"]]
    assert debts["total"] == [{"amount": 3600, "currency": "EUR"}]

    membership = sandbox.sell("Ana", [yoga], sessions=1)
    offer = sandbox.studio.operator.get(f"/memberships/{membership}/unpaid-visits")
    assert [line["debit_failed"] for line in offer["lines"]] == [True]
    path = sandbox.here(f"/memberships/{membership}/unpaid-visits")
    result = sandbox.studio.operator.post(path)
    assert len(result["settled_line_ids"]) == 1
    sandbox.bill(appointment, owed=1800)
    sandbox.studio.operator.post(
        f"/memberships/{membership}/adjust", {"sessions": 1, "reason": "a gift"}
    )
    assert len(sandbox.studio.operator.post(path)["settled_line_ids"]) == 1
    sandbox.bill(appointment, owed=0)
    assert sandbox.count(membership) == (2, 0)
