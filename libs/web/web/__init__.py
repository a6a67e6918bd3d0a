"""HTTP as every service speaks it: identity, problem documents, health, serving."""

from web.app import service_app
from web.identity import Principal, Role
from web.problems import ProblemError
from web.serving import run, serve

__all__ = ["Principal", "ProblemError", "Role", "run", "serve", "service_app"]
