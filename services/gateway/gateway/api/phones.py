"""Phones: a code sent to a number, and a token for the client who types it (rule G8)."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import StringConstraints

from contracts.base import Form, Value
from contracts.booking import Phone
from contracts.problems import INVALID_REQUEST, PHONE_CODE_WRONG, TOO_MANY_REQUESTS
from contracts.values import Instant
from gateway.access import ClientTokens
from gateway.api.routes import action
from gateway.phones import Limits, PhoneCodes, in_e164, network_of
from gateway.queries import Locations, Reading
from gateway.settings import Settings
from web.identity import Principal, Role
from web.problems import ProblemError

_PATH: Final = "/v1/locations/{location_id:uuid}"
_TAG: Final = "Phones"


class PhoneCodeForm(Form):
    """The number that a code is sent to; one without a prefix is of the location's region."""

    phone: Phone


class PhoneCodeSent(Value):
    """A code is on its way, if there is such a phone."""

    expires_at: Instant


class PhoneConfirmationForm(Form):
    """A number, and the code that was sent to it."""

    phone: Phone
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class ConfirmedPhone(Value):
    """`token` is used as an API key is: by the client with this phone, in E.164 form."""

    token: str
    phone: str
    expires_at: Instant


@action(
    _PATH + "/phone-codes",
    PhoneCodeSent,
    tag=_TAG,
    status=202,
    refuses=(INVALID_REQUEST, TOO_MANY_REQUESTS),
)
async def send_phone_code(
    *,
    location_id: FromPath[UUID],
    data: JSONBody[PhoneCodeForm],
    request: Request[Any, Any, Any],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    locations: NamedDependency[Locations],
    phone_codes: NamedDependency[PhoneCodes],
    settings: NamedDependency[Settings],
) -> PhoneCodeSent:
    """Send a code of six digits to a phone. It is valid for five minutes and five tries.

    The answer is the same for every number, whoever it belongs to.
    """
    location = await locations.within_reach(location_id, principal, reading)
    expires_at = await phone_codes.ask(
        location_id,
        location.name,
        in_e164(data.phone, location.region),
        caller=f"{principal.id}/{network_of(request.client.host) if request.client else ''}",
        limits=_limits(principal, settings),
    )
    return PhoneCodeSent(expires_at=expires_at)


@action(
    _PATH + "/phone-confirmations",
    ConfirmedPhone,
    tag=_TAG,
    status=201,
    refuses=(INVALID_REQUEST, PHONE_CODE_WRONG),
)
async def confirm_phone(
    *,
    location_id: FromPath[UUID],
    data: JSONBody[PhoneConfirmationForm],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    locations: NamedDependency[Locations],
    phone_codes: NamedDependency[PhoneCodes],
    client_tokens: NamedDependency[ClientTokens],
) -> ConfirmedPhone:
    """Confirm a phone with the newest code that was sent to it, and get the client's token.

    However the number is typed, it is the same client.
    """
    location = await locations.within_reach(location_id, principal, reading)
    phone = in_e164(data.phone, location.region)
    if not await phone_codes.confirms(location_id, phone, data.code):
        problem = PHONE_CODE_WRONG.problem("This is not the code that is valid for this phone.")
        raise ProblemError(problem)
    token, expires_at = client_tokens.issue(
        location.chain_id, location_id, phone, principal.origins
    )
    return ConfirmedPhone(token=token, phone=phone, expires_at=expires_at)


def _limits(principal: Principal, settings: Settings) -> Limits:
    # All visitors of a website share its widget's key, and have an address each; the clients of a
    # backend share both.
    is_backend = principal.role is Role.GATEWAY
    per_caller = settings.phone_codes_per_gateway if is_backend else settings.phone_codes_per_caller
    return Limits(settings.phone_codes_per_phone, per_caller)
