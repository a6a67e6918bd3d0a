"""`python -m scheduler` runs the process, `python -m scheduler migrate` its migrations."""

import asyncio
import sys

from scheduler import app
from scheduler.settings import Settings
from web import run

settings = Settings()  # pyright: ignore[reportCallIssue] — the environment gives the fields
if sys.argv[1:] == ["migrate"]:
    asyncio.run(app.migrate_database(settings))
else:
    run(app.run(settings))
