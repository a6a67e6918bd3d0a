"""What became of a command that was not answered in time."""

from http import HTTPStatus
from typing import Literal
from uuid import UUID

from litestar import MediaType, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from contracts.problems import INVALID_REQUEST
from gateway import store
from gateway.api.routes import question
from gateway.queries import Reading
from postgres import Database
from web.app import OperationView
from web.identity import Principal


@question(
    "/v1/operations/{service:str}/{operation_id:uuid}",
    OperationView,
    tag="Operations",
    refuses=(INVALID_REQUEST,),
)
async def get_operation(
    service: FromPath[Literal["booking", "membership", "sales"]],
    operation_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    database: NamedDependency[Database],
) -> Response[bytes]:
    """Return the state of an operation, and its result or problem; to nobody but who asked."""
    answer = await reading.answer(service, f"/operations/{operation_id}")
    if answer.status_code != HTTPStatus.NOT_FOUND:
        return answer
    if not await store.is_late_operation(database, operation_id, principal.id):
        return answer
    # The command waits in its topic, and its service has not seen it yet.
    pending = OperationView(operation_id=operation_id, state="pending")
    return Response(pending.model_dump_json().encode(), media_type=MediaType.JSON)
