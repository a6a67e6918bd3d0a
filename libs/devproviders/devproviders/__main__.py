"""`python -m devproviders` runs the server."""

from devproviders import app
from devproviders.settings import Settings
from web import run

run(app.run(Settings()))  # pyright: ignore[reportCallIssue] — the environment gives the fields
