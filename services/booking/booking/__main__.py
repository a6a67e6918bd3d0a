"""`python -m booking` runs the process, `python -m booking migrate` its migrations."""

import asyncio
import sys

from booking import app
from booking.settings import Settings
from web import run

settings = Settings()  # pyright: ignore[reportCallIssue] — the environment gives the fields
if sys.argv[1:] == ["migrate"]:
    asyncio.run(app.migrate_database(settings))
else:
    run(app.run(settings))
