"""`python -m membership` runs the process, `python -m membership migrate` its migrations."""

import asyncio
import sys

from membership import app
from membership.settings import Settings
from web import run

settings = Settings()  # pyright: ignore[reportCallIssue] — the environment gives the fields
if sys.argv[1:] == ["migrate"]:
    asyncio.run(app.migrate_database(settings))
else:
    run(app.run(settings))
