"""What a stack remembers between two starts: its ports and its secrets, in `stack.json`."""

import json
import os
import secrets
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devstack.errors import StackError
from devstack.locks import locked

# Below the range that outgoing connections take their ports from, so that a port stays ours
# while its server is being restarted.
_FIRST_PORT, _LAST_PORT = 20_000, 32_000


class State:
    """`stack.json` of one stack; safe to use from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "stack.json"
        self._lock = folder / "stack.json.lock"

    def is_new(self) -> bool:
        """Return whether nothing was ever remembered."""
        return not self._file.exists()

    def wipe(self) -> None:
        """Forget everything."""
        self._file.unlink(missing_ok=True)

    def remember(self, section: str, key: str, make: Callable[[], str]) -> str:
        """Return the value kept under `key`, made and written down when it is asked for first."""
        with locked(self._lock):
            document = self._read()
            values = document.setdefault(section, {})
            if key not in values:
                values[key] = make()
                self._write(document)
            return values[key]

    def recall(self, section: str, key: str) -> str | None:
        """Return the value kept under `key`, if there is one."""
        return self._read().get(section, {}).get(key)

    def keep(self, section: str, key: str, value: str) -> None:
        """Write `value` down in place of whatever was kept under `key`."""
        with locked(self._lock):
            document = self._read()
            document.setdefault(section, {})[key] = value
            self._write(document)

    def port(self, name: str, *, preferred: int | None = None) -> int:
        """Return the port of process `name`, a free one (`preferred` if it is) the first time."""
        return int(self.remember("ports", name, lambda: str(self._choose(preferred))))

    def renew_port(self, name: str) -> int:
        """Give process `name` another port, because a stranger listens on the one it had."""
        with locked(self._lock):
            document = self._read()
            port = self._choose(None)
            document.setdefault("ports", {})[name] = str(port)
            self._write(document)
            return port

    def password(self, role: str) -> str:
        """Return the password of a database role: POSTGRES_PASSWORD_<ROLE> if that is given."""
        given = os.environ.get(f"POSTGRES_PASSWORD_{role.upper()}")
        return given or self.remember("passwords", role, lambda: secrets.token_urlsafe(24))

    def platform_key(self) -> str:
        """Return the first API key, in plain."""
        make = lambda: f"pk_platform_{secrets.token_urlsafe(24)}"  # noqa: E731 - one expression
        return self.remember("secrets", "platform_key", make)

    def principal_keys(self) -> tuple[str, str]:
        """Return the Ed25519 keys of principals: private and public, raw, in base64."""
        private = self.remember("secrets", "principal_signing_key", _new_private_key)
        return private, public_key(private)

    def _choose(self, preferred: int | None) -> int:
        taken = set(self._read().get("ports", {}).values())
        candidates = [secrets.randbelow(_LAST_PORT - _FIRST_PORT) + _FIRST_PORT for _ in range(200)]
        for port in [preferred, *candidates]:
            if port is not None and str(port) not in taken and is_free(port):
                return port
        raise StackError(f"No port between {_FIRST_PORT} and {_LAST_PORT} is free.")

    def _read(self) -> dict[str, dict[str, str]]:
        if not self._file.exists():
            return {}
        return cast("dict[str, dict[str, str]]", json.loads(self._file.read_text()))

    def _write(self, document: dict[str, dict[str, str]]) -> None:
        fresh = self._file.with_suffix(".json.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(document, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)


def is_free(port: int) -> bool:
    """Return whether a server may listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def public_key(private: str) -> str:
    """Return the public half of a raw Ed25519 private key; both in base64."""
    key = Ed25519PrivateKey.from_private_bytes(b64decode(private))
    return b64encode(key.public_key().public_bytes_raw()).decode()


def _new_private_key() -> str:
    return b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
