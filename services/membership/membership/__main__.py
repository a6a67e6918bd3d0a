"""`python -m membership` runs the process.

`migrate` brings its database up to date; `explain ID` tells why an appointment was debited as it
was, or not at all.
"""

import asyncio
import sys
from uuid import UUID

from membership import app
from membership.settings import Settings
from web import run

settings = Settings()  # pyright: ignore[reportCallIssue] — the environment gives the fields
match sys.argv[1:]:
    case ["migrate"]:
        asyncio.run(app.migrate_database(settings))
    case ["explain", appointment_id]:
        sys.stdout.write(asyncio.run(app.explanation(settings, UUID(appointment_id))) + "\n")
    case _:
        run(app.run(settings))
