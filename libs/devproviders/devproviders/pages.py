"""The pages for people: the checkout, where they pay or go back, and the inbox."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from litestar import MediaType, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from devproviders import parameters
from devproviders.errors import StripeError
from devproviders.messages import Inbox, Message
from devproviders.payments import Payments, Session

DECLINED: Final = "4000000000000002"
_WORKING: Final = "4242424242424242"

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f5f7; color: #1d2129; }}
main {{ max-width: 26rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: 12px;
        box-shadow: 0 1px 4px #0002; }}
h1 {{ font-size: 1.1rem; margin: 0 0 .25rem; }}
.amount {{ font-size: 2rem; font-weight: 600; margin: 0 0 1.5rem; }}
.note {{ color: #667; font-size: .9rem; }}
.wrong {{ color: #a30000; }}
label {{ display: block; margin: 0 0 1rem; }}
select, button {{ font: inherit; width: 100%; padding: .7rem; border-radius: 8px;
                  border: 1px solid #ccd; box-sizing: border-box; background: #fff; }}
button {{ margin-top: .5rem; cursor: pointer; }}
button.pay {{ background: #3b5bdb; border-color: #3b5bdb; color: #fff; font-weight: 600; }}
ul {{ list-style: none; padding: 0; }} li {{ padding: .6rem 0; border-top: 1px solid #eee; }}
time {{ color: #667; font-size: .85rem; display: block; }}
</style>
</head>
<body><main>{body}</main></body>
</html>
"""

_FORM: Final = """
<form method="post" action="/checkout/{id}/pay">
<label>Card
<select name="card">
<option value="{working}">4242 4242 4242 4242 (works)</option>
<option value="{declined}">4000 0000 0000 0002 (is declined)</option>
</select></label>
<button class="pay">Pay {amount}</button>
</form>
<form method="post" action="/checkout/{id}/cancel"><button>Cancel</button></form>
"""


def routes(payments: Payments, inbox: Inbox) -> list[ControllerRouterHandler]:
    """Return the pages."""

    @get("/checkout/{session_id:str}")
    async def checkout(session_id: FromPath[str]) -> Response[str]:
        return _checkout(payments.find(session_id))

    @post("/checkout/{session_id:str}/pay")
    async def pay(session_id: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
        session = payments.find(session_id)
        if parameters.parse(await request.body()).get("card") == DECLINED:
            return _checkout(session, wrong="Your card was declined.", status=402)
        if not payments.pay(session_id):
            return _checkout(session, status=409)
        url = session.order.success_url.replace("{CHECKOUT_SESSION_ID}", session.id)
        return Redirect(url, status_code=303)

    @post("/checkout/{session_id:str}/cancel")
    async def cancel(session_id: FromPath[str]) -> Response[Any]:
        # As at Stripe: the page stays open, and whoever comes back may still pay.
        session = payments.find(session_id)
        if session.order.cancel_url is None:
            return _checkout(session)
        return Redirect(session.order.cancel_url, status_code=303)

    @get("/")
    async def messages() -> Response[str]:
        return _html("Messages", _messages(inbox.of(None)))

    return [checkout, pay, cancel, messages]


def missing_page(_: Request[Any, Any, Any], error: StripeError) -> Response[str]:
    """Answer a person whose link leads nowhere."""
    body = f"<h1>There is no such page</h1><p class=note>{escape(str(error))}</p>"
    return _html("Not found", body, error.status)


def money(amount: int, currency: str) -> str:
    """Write an amount for people; most currencies have a hundred minor units."""
    digits = 0 if currency in {"jpy", "krw", "clp", "vnd"} else 2
    return f"{amount / 10**digits:.{digits}f} {currency.upper()}"


def _checkout(session: Session, *, wrong: str | None = None, status: int = 200) -> Response[str]:
    amount = money(session.order.amount, session.order.currency)
    match session.status:
        case "open":
            rest = _FORM.format(
                id=escape(session.id), amount=amount, working=_WORKING, declined=DECLINED
            )
        case "complete":
            rest = "<p>This is paid. Thank you.</p>"
        case "expired":
            rest = "<p>This page has expired. Nothing was paid.</p>"
    complaint = f"<p class=wrong role=alert>{escape(wrong)}</p>" if wrong else ""
    body = (
        f"<h1>{escape(session.order.name)}</h1><p class=amount>{amount}</p>{complaint}{rest}"
        "<p class=note>A test: no card is charged, whatever is entered.</p>"
    )
    return _html("Checkout", body, status)


def _messages(messages: Iterable[Message]) -> str:
    rows = "".join(
        f"<li><b>{escape(one.phone)}</b> {escape(one.text)}"
        f"<time>{one.received_at:%Y-%m-%d %H:%M:%S} UTC</time></li>"
        for one in messages
    )
    return f"<h1>Messages to phones</h1>{f'<ul>{rows}</ul>' if rows else '<p>None yet.</p>'}"


def _html(title: str, body: str, status: int = 200) -> Response[str]:
    page = _PAGE.format(title=escape(title), body=body)
    return Response(page, media_type=MediaType.HTML, status_code=status)
