"""Categories of services, which a membership type may cover as a whole."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import CategoryForm, CreateCategory
from contracts.booking_views import CategoryList, CategoryView
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/chains/{chain_id:uuid}/categories"
_TAG = "Services"


@command(_PATH, CategoryView, tag=_TAG, status=201)
async def create_category(
    chain_id: FromPath[UUID],
    data: JSONBody[CategoryForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Add a category of services to a chain."""
    category_id = submission.new_id("category")
    return await submission.send(
        CreateCategory(category_id=category_id, chain_id=chain_id, category=data)
    )


@question(_PATH, CategoryList, tag=_TAG)
async def list_categories(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List the categories of a chain."""
    return await reading.pass_on("booking")
