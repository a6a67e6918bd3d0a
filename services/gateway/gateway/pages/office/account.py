"""A person's own account."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from gateway.pages.desk import Visit
from gateway.pages.forms import submitted
from gateway.staff import accounts, passwords
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
    form, database = await submitted(request), request.app.state.database
    staff_id = visit.staff.staff_id
    try:
        kept = await accounts.password_hash_of(database, staff_id)
        if not await passwords.fits(kept, form.text("password")):
            raise invalid_field("password", "This is not your password.")
        new = passwords.checked(form.text("new_password"), field="new_password")
    except ProblemError as refused:
        status = refused.problem.status
        return visit.page("office/account.html", problem=refused.problem, status=status)
    password_hash = await passwords.hash_of(new)
    async with database.transaction() as transaction:
        await accounts.change_password(transaction, staff_id, password_hash)
    return visit.done("/office/sign-in", "Your password is changed. Sign in with the new one.")
