"""Chains."""

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import JSONBody

from contracts.booking import ChainForm, CreateChain
from contracts.booking_views import ChainView
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading

_TAG = "Chains and locations"


@command("/v1/chains", ChainView, tag=_TAG, status=201)
async def create_chain(
    data: JSONBody[ChainForm], submission: NamedDependency[Submission]
) -> Response[bytes]:
    """Found a chain: locations that share clients and membership types."""
    return await submission.send(CreateChain(chain_id=submission.new_id("chain"), chain=data))


@question("/v1/chains/{chain_id:uuid}", ChainView, tag=_TAG)
async def get_chain(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a chain."""
    return await reading.pass_on("booking")
