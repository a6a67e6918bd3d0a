"""`python -m gateway` runs the process, `python -m gateway migrate` migrates its database."""

import asyncio
import sys

from gateway.app import migrate, run_process
from gateway.settings import Settings
from web import run

settings = Settings()  # pyright: ignore[reportCallIssue] — the environment gives the fields
if sys.argv[1:] == ["migrate"]:
    asyncio.run(migrate(settings))
else:
    run(run_process(settings))
