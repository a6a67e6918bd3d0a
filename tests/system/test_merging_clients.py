"""Two clients turn out to be one person: all that was theirs is one client's, under both ids."""

import pytest

from edge import Json, RefusedError
from journeys import bill_of, book, membership_of, settled, spots, until
from sandbox import Sandbox


def merge(sandbox: Sandbox, kept: str, merged: str) -> Json:
    clients = sandbox.studio.clients
    path = f"/chains/{sandbox.studio.chain}/clients/{clients[kept].client_id}/merge"
    form = {"client_ids": [clients[merged].client_id]}
    return sandbox.studio.operator.post(path, form)


def memberships_of(sandbox: Sandbox, name: str) -> set[str]:
    client = sandbox.studio.clients[name].client_id
    found = sandbox.studio.operator.get(f"/clients/{client}/memberships")["memberships"]
    return {one["membership_id"] for one in found}


@pytest.mark.rule("G8", "S4", "A4")
def test_what_was_booked_before_is_debited_and_both_memberships_are_found_under_both_ids(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer(membership_booking=True)
    own, other = sandbox.sell("Ana", [yoga]), sandbox.sell("A. Silva", [yoga])
    event = sandbox.plan(yoga, sandbox.at(12))
    booked = {
        name: book(sandbox.app, sandbox.studio, name, spots(event)) for name in ("Ana", "A. Silva")
    }

    client = merge(sandbox, "Ana", "A. Silva")
    assert client["name"] == "Ana"
    assert client["merged_client_ids"] == [sandbox.studio.clients["A. Silva"].client_id]
    for name in booked:
        until(lambda name=name: memberships_of(sandbox, name), lambda found: found == {own, other})

    sandbox.wait_until(sandbox.at(12))
    for appointment in booked.values():
        now = settled(sandbox.studio, appointment)
        assert now["debit_status"] == "debited"
        assert now["client_id"] == client["client_id"]
    assert sandbox.count(own) == sandbox.count(other) == (1, 0)
    path = f"/chains/{sandbox.studio.chain}/clients"
    for name in booked:
        known = sandbox.studio.clients[name].client_id
        profile = sandbox.studio.operator.get(f"{path}/{known}/profile")
        appointments = {one["appointment_id"] for one in profile["appointments"]["appointments"]}
        assert appointments == {one["appointment_id"] for one in booked.values()}
        sold = {sale["membership_id"] for sale in profile["sales"]["sales"]}
        assert sold == {own, other}


@pytest.mark.rule("S6", "A5")
def test_who_comes_with_the_other_number_is_the_same_client_with_all_memberships(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer(membership_booking=True)
    own = sandbox.sell("Ana", [yoga], days=10)
    sandbox.enter("A. Silva")
    merge(sandbox, "Ana", "A. Silva")
    until(lambda: memberships_of(sandbox, "A. Silva"), lambda found: found == {own})
    event = sandbox.plan(yoga, sandbox.at(12))
    appointment = book(sandbox.app, sandbox.studio, "A. Silva", spots(event))
    assert appointment["client_id"] == sandbox.studio.clients["Ana"].client_id
    assert [line["membership_id"] for line in appointment["lines"]] == [own]
    with pytest.raises(RefusedError) as refused:
        book(sandbox.app, sandbox.studio, "Ana", spots(event))
    assert refused.value.problem["type"] == "/problems/no-suitable-membership"


@pytest.mark.rule("A16")
def test_what_the_other_client_owes_is_this_clients_debt(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    sandbox.enter("Ana")
    sandbox.enter("A. Silva")
    appointment = sandbox.book("A. Silva", sandbox.plan(yoga, sandbox.at(12)))
    sandbox.wait_until(sandbox.at(12))
    settled(sandbox.studio, appointment)
    client = merge(sandbox, "Ana", "A. Silva")["client_id"]
    path = f"/chains/{sandbox.studio.chain}/clients/{client}/debts"
    debts = until(lambda: sandbox.studio.operator.get(path), lambda found: bool(found["debts"]))
    assert [debt["visit_id"] for debt in debts["debts"]] == [appointment["visit_id"]]
    membership = sandbox.sell("Ana", [yoga])
    healed = sandbox.studio.operator.post(sandbox.here(f"/memberships/{membership}/unpaid-visits"))
    assert len(healed["settled_line_ids"]) == 1
    bill = bill_of(sandbox.studio, appointment)
    assert bill is not None
    assert bill["owed"]["amount"] == 0
    assert membership_of(sandbox.studio, membership)["used"] == 1
