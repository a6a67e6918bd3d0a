"""What the gateway remembers of commands that were not answered in time.

Asking after them must find them from the start, even while they wait in their topic.
"""

from uuid import UUID

from postgres import Database


async def note_late_operation(database: Database, command_id: UUID, principal_id: UUID) -> None:
    """Remember for 72 hours who asked for a command that is not answered yet."""
    await database.pool.execute(
        """
        WITH forgotten AS (
            DELETE FROM late_operations WHERE asked_at < now() - interval '72 hours'
        )
        INSERT INTO late_operations (command_id, principal) VALUES ($1, $2)
        ON CONFLICT (command_id) DO NOTHING
        """,
        command_id,
        principal_id,
    )


async def is_late_operation(database: Database, command_id: UUID, principal_id: UUID) -> bool:
    """Return whether this principal was told to come back for this command."""
    return await database.pool.fetchval(
        "SELECT EXISTS (SELECT FROM late_operations WHERE command_id = $1 AND principal = $2)",
        command_id,
        principal_id,
    )
