"""At the counter: what was not debited is settled, a visit is sold, and one sees who used what."""

from datetime import datetime

from edge import Json
from telling import Story, money


def settle_unpaid_visits(story: Story, client: str, name: str) -> None:
    """Unfreeze a membership, and let it pay the visit that it was too frozen for."""
    operator, membership = story.studio.operator, story.memberships[name]
    operator.post(f"/memberships/{membership}/unfreeze")
    offer = operator.get(f"/memberships/{membership}/unpaid-visits")
    [total] = offer["total"]
    owed = ", ".join(line["service_name"] for line in offer["lines"])
    story.say(f"[bold]{client}[/] is back, and {name} is unfrozen")
    story.add(f"it could pay what was not debited: {owed}, {money(total)}")
    path = f"/locations/{story.studio.location}/memberships/{membership}/unpaid-visits"
    settled = operator.post(path)
    story.expect(f"what {name} paid", len(settled["settled_line_ids"]), len(offer["lines"]))
    story.add(f"one click later it is paid: {len(settled['settled_line_ids'])} visit, nothing owed")


def sell_visit(story: Story, client: str, visit: str, name: str) -> None:
    """Sell a visit, and tea: the membership that is shared with the client pays (rule S5)."""
    studio = story.studio
    proposal = studio.operator.get(f"/locations/{studio.location}/visits/{visit}/sale-proposal")
    [line] = proposal["lines"]
    story.expect("what is applied by itself", line["membership_id"], story.memberships[name])
    [candidate] = line["candidates"]
    owner = proposal["names"][candidate["owner_client_id"]]
    story.say(f"[bold]{client}[/] found no voucher, and buys a tea: {name} is applied by itself")
    story.add(f"it is shared by its owner {owner} [dim](rules S4, S5)[/]")
    lines: list[Json] = [
        {"kind": "visit", "line_id": line["line_id"]},
        {"kind": "product", "name": "Tea", "price": 450},
    ]
    form = {"client_id": studio.clients[client].client_id, "visit_id": visit, "lines": lines}
    sale = studio.operator.post(f"/locations/{studio.location}/sales", form)
    story.expect(f"{client}'s sale", sale["state"], "completed")
    story.expect("who pays the visit", sale["lines"][0]["membership_id"], story.memberships[name])
    story.add(f"a session pays the class, and {money(sale['to_pay'])} in cash the tea")


def tell_history(story: Story, name: str) -> None:
    """Say who used a membership for what (rule S3)."""
    membership = story.membership(name)
    names: dict[str, str] = membership["names"]
    shared = ", ".join(names[client] for client in membership["shared_client_ids"])
    story.chapter(f"{name}: used in sales")
    story.console.print(
        f"  Membership owner: [bold]{names[membership['owner_client_id']]}[/]"
        f" · Shared with: [bold]{shared}[/]"
    )
    for use in reversed(membership["uses"]):
        at = datetime.fromisoformat(use["recorded_at"]).astimezone(story.studio.zone)
        how = "automatic" if use["automatic"] else "by hand"
        reversed_ = " · [yellow]reversed[/]" if use["reversed_at"] else ""
        service = story.studio.names[use["service_id"]]
        client = names[use["client_id"]]
        story.console.print(
            f"  [dim]{at:%H:%M:%S}[/]  [bold]{client}[/] · {service} · {how}{reversed_}"
        )
    standing = sum(use["sessions"] for use in membership["uses"] if not use["reversed_at"])
    story.expect("the rows of the history", standing, membership["used"])
