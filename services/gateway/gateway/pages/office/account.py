"""A person's own account."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from gateway.pages.desk import Visit
from gateway.pages.forms import Form, submitted
from gateway.pages.given import host_of
from gateway.staff import Place, SignedIn, accounts, attempts, audited, passwords
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]


@get("/account")
async def show_account(visit: NamedDependency[Visit]) -> Response[str]:
    """Show who is signed in, and the form for another password."""
    return visit.page("office/account.html", problem=None)


@post("/account/password")
async def change_password(
    request: AnyRequest, visit: NamedDependency[Visit]
) -> Response[str] | Redirect:
    """Change the password, and end all sessions of this person."""
    form = await submitted(request)
    try:
        async with _noted_everywhere(request, visit.staff):
            await _change(request, visit.staff.staff_id, form)
    except ProblemError as refused:
        status = refused.problem.status
        return visit.page("office/account.html", problem=refused.problem, status=status)
    return visit.done("/office/sign-in", "Your password is changed. Sign in with the new one.")


async def _change(request: AnyRequest, staff_id: UUID, form: Form) -> None:
    database = request.app.state.database
    await _require_own(request, staff_id, form.secret("password"))
    new = passwords.checked(form.secret("new_password"), field="new_password")
    password_hash = await passwords.hash_of(new)
    async with database.transaction() as transaction:
        await accounts.change_password(transaction, staff_id, password_hash)


async def _require_own(request: AnyRequest, staff_id: UUID, password: str) -> None:
    """Refuse another password, and guesses: who has found an open session knows none yet."""
    database = request.app.state.database
    subject, caller = (
        sha256(f"account/{one}".encode()).digest() for one in (staff_id, host_of(request))
    )
    attempt = await attempts.begun(database, subject, caller)
    if attempt is None:
        raise invalid_field("password", "Too many attempts. Please wait a quarter of an hour.")
    if not await passwords.fits(await accounts.password_hash_of(database, staff_id), password):
        raise invalid_field("password", "This is not your password.")
    await attempts.forgiven(database, attempt)


@asynccontextmanager
async def _noted_everywhere(request: AnyRequest, staff: SignedIn) -> AsyncGenerator[None]:
    """Note it in the audit list of every chain in which this person has a role."""
    database, action, path = request.app.state.database, "change password", request.url.path
    async with AsyncExitStack() as notes:
        for chain_id in {grant.chain_id for grant in staff.grants}:
            place = Place(chain_id, None)
            await notes.enter_async_context(
                audited(database, action, path, by=staff.staff_id, at=place)
            )
        yield
