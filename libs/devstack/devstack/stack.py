"""The stack: Kafka, Postgres and the services, in one folder, started and stopped as a whole."""

import os
import shutil
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import Final

import psutil

from contracts.conversation import Conversation
from contracts.topics import CONVERSATION
from devstack import processes, providers, services
from devstack.errors import StackError
from devstack.kafka import admin, broker, jars
from devstack.locks import locked
from devstack.postgresql import databases, server
from devstack.processes import Program
from devstack.progress import Progress
from devstack.state import State, is_free
from devstack.supervisor import Supervisor

REPOSITORY: Final = Path(__file__).resolve().parents[3]
DEFAULT_FOLDER: Final = REPOSITORY / ".stack"
_SERVERS = ("kafka", "postgres")
_GATEWAY_PORT = 8080
_SERVICES: Final = REPOSITORY / "services"


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process of a stack as it is now; `pid` is None when it does not run."""

    name: str
    pid: int | None
    address: str
    ready: bool
    memory_bytes: int


class Stack:
    """Kafka, Postgres and the services of one folder.

    Beside the services of this repository runs one process of `devproviders`, which stands in for
    the payment provider and for phones.

    `cache` is where the jars of Kafka are kept, `settings` is added to the environment of every
    service. KAFKA_BOOTSTRAP_SERVERS and POSTGRES_DSN in our own environment name servers that run
    already: those are used, and neither started nor stopped.
    """

    def __init__(
        self,
        folder: Path = DEFAULT_FOLDER,
        *,
        cache: Path = DEFAULT_FOLDER,
        services_root: Path = _SERVICES,
        conversation: Conversation = CONVERSATION,
        settings: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self._cache = cache.resolve()
        self._services_root = services_root
        self._providers = [providers.NAME] if services_root == _SERVICES else []
        self._conversation = conversation
        self._settings = dict(settings or {})
        self._progress = progress or Progress()
        self._state = State(self.folder)
        self._supervisor = Supervisor(self.folder, self._progress)
        self._other_kafka = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
        self._other_postgres = os.environ.get("POSTGRES_DSN")

    @property
    def bootstrap_servers(self) -> str:
        """The address of Kafka."""
        return self._other_kafka or f"127.0.0.1:{self._state.port('kafka')}"

    @property
    def admin_dsn(self) -> str:
        """The address of Postgres, for its superuser."""
        if self._other_postgres:
            return self._other_postgres
        place = f"127.0.0.1:{self._state.port('postgres')}"
        password = self._state.password(server.ADMIN)
        return f"postgresql://{server.ADMIN}:{password}@{place}/postgres"

    @property
    def platform_key(self) -> str:
        """The first API key of the gateway, in plain."""
        return self._state.platform_key()

    def role(self, name: str) -> str:
        """Make the database role `name` if it is missing and return its name."""
        password = self._state.password(name)
        admin.blocking(databases.ensure_role(self.admin_dsn, name, password))
        return name

    def database(self, name: str) -> str:
        """Return the address of database `name` for the role of that name; both are made."""
        admin.blocking(databases.ensure_database(self.admin_dsn, name, self.role(name)))
        return self.dsn(name, name)

    def dsn(self, database: str, role: str) -> str:
        """Return the address of `database` for `role`."""
        return databases.dsn_of(self.admin_dsn, database, role, self._state.password(role))

    def service_url(self, name: str, replica: int = 1) -> str:
        """Return the base URL of one replica of a service, or of "devproviders"."""
        process = services.instance(name, replica)
        ours = self.folder == DEFAULT_FOLDER and process == services.instance("gateway", 1)
        port = self._state.port(process, preferred=_GATEWAY_PORT if ours else None)
        return f"http://127.0.0.1:{port}"

    def services(self) -> list[str]:
        """Return the names of the services there are, running or not."""
        return services.discover(self._services_root)

    def create_topics(self, conversation: Conversation | None = None) -> list[str]:
        """Create the missing topics of `conversation`, the stack's own by default; return them."""
        if self._other_kafka:
            self._supervisor.expect(f"Kafka at {self._other_kafka}", self._kafka_is_ready)
        chosen = conversation or self._conversation
        return admin.create_topics(self.bootstrap_servers, chosen.topics)

    def migrate(self) -> None:
        """Bring the database of every service up to date; it and its role are made if missing."""
        with self._alone():
            self._postgres_up(self.services())

    def up(self, *, services: bool = True, replicas: int = 1) -> None:
        """Start what does not run and wait until all is ready; exactly `replicas` of every service.

        Raises StackError as soon as anything dies while it starts, with the end of its log.
        """
        with self._alone():
            self._stop_strays()
            chosen = self.services() if services else []
            self._supervisor.together([self._kafka_up, partial(self._postgres_up, chosen)])
            if services:
                self._services_up(chosen, replicas)

    def down(self, *, wipe: bool = False) -> None:
        """Stop the services, then Kafka and Postgres; with `wipe`, remove their data too."""
        with self._alone():
            running = self._supervisor.running()
            servers = {name: running.pop(name) for name in _SERVERS if name in running}
            self._supervisor.stop(running)
            self._supervisor.stop(servers)
            if wipe:
                self._wipe()

    def start(
        self, name: str, replica: int = 1, *, settings: Mapping[str, str] | None = None
    ) -> None:
        """Start one process and wait until it is ready: "kafka", "postgres", a service, …

        `settings` are added to the environment of this service, this time.
        """
        with self._alone():
            if name == "kafka":
                self._start_kafka()
            elif name == "postgres":
                self._start_postgres()
            else:
                self._start_service(name, replica, settings)

    def stop(self, name: str, replica: int = 1) -> None:
        """Stop one process in good order, if it runs."""
        with self._alone():
            ours = _process_name(name, replica)
            running = self._supervisor.running()
            self._supervisor.stop({ours: running[ours]} if ours in running else {})

    def kill(self, name: str, replica: int = 1, signal: int = SIGKILL) -> None:
        """Send one process a signal; return when it is dead if the signal is SIGKILL."""
        ours = _process_name(name, replica)
        process = self._supervisor.running().get(ours)
        if process is None:
            raise StackError(f"{ours} does not run.")
        process.send_signal(signal)
        if signal == SIGKILL:
            processes.ended(process, 10)

    def processes(self) -> list[Process]:
        """Return what runs or should, the servers first."""
        running = self._supervisor.running()
        first = [services.instance(name, 1) for name in self._providers + self.services()]
        replicas = sorted(name for name in running if name.rpartition("-")[2].isdecimal())
        names = list(dict.fromkeys([*_SERVERS, *first, *replicas]))
        with ThreadPoolExecutor(max_workers=8) as threads:
            return list(threads.map(self._describe, names, [running.get(name) for name in names]))

    def _kafka_up(self) -> None:
        self._start_kafka()
        self.create_topics()

    def _postgres_up(self, names: list[str]) -> None:
        self._start_postgres()
        running = self._supervisor.running()
        idle = [name for name in names if services.instance(name, 1) not in running]
        outdated = [name for name in idle if self._is_outdated(name)]
        self._supervisor.together([partial(self._migrate, service) for service in outdated])

    def _services_up(self, names: list[str], replicas: int) -> None:
        wanted = {(name, replica) for name in names for replica in range(1, replicas + 1)}
        wanted |= {(name, 1) for name in self._providers}
        instances = {services.instance(*each) for each in wanted}
        running = self._supervisor.running()
        surplus = running.keys() - instances - set(_SERVERS)
        self._supervisor.stop({name: running[name] for name in surplus})
        for name, replica in wanted:
            self.service_url(name, replica)
        for name in instances - running.keys():
            self._free_port(name)
        self._supervisor.together([partial(self._start_service, *each) for each in sorted(wanted)])

    def _start_kafka(self) -> None:
        if self._other_kafka:
            self._supervisor.expect(f"Kafka at {self._other_kafka}", self._kafka_is_ready)
        else:
            self._supervisor.ensure("kafka", self._kafka, self._kafka_is_ready)

    def _start_postgres(self) -> None:
        if self._other_postgres:
            place = databases.place_of(self._other_postgres)
            self._supervisor.expect(f"Postgres at {place}", self._postgres_is_ready)
        else:
            self._supervisor.ensure("postgres", self._postgres, self._postgres_is_ready)

    def _start_service(
        self, service: str, replica: int, extra: Mapping[str, str] | None = None
    ) -> None:
        name, url = services.instance(service, replica), self.service_url(service, replica)
        settings = {**self._settings_of(service, replica), **(extra or {})}
        self._supervisor.ensure(
            name,
            lambda: services.program(self.folder, service, name, settings),
            lambda: services.is_ready(url),
        )

    def _is_outdated(self, service: str) -> bool:
        """Return whether `service` has something to migrate; its database is there afterwards."""
        is_new = admin.blocking(
            databases.ensure_database(self.admin_dsn, service, self.role(service))
        )
        migrated = self._state.recall("migrated", service)
        unchanged = migrated == services.schema(self._services_root, service)
        return is_new or not unchanged or bool(self._other_postgres)

    def _migrate(self, service: str) -> None:
        schema = services.schema(self._services_root, service)
        settings = self._settings_of(service, 1)
        self._supervisor.run(services.migration(self.folder, service, settings))
        self._state.keep("migrated", service, schema)

    def _kafka(self) -> Program:
        folder = jars.ensure(self._cache, self._progress)
        port, controller = self._free_port("kafka"), self._free_port("kafka-controller")
        return broker.prepare(self.folder, folder, port=port, controller_port=controller)

    def _postgres(self) -> Program:
        self._free_port("postgres")
        return server.prepare(self.folder, self._state, self._progress)

    def _kafka_is_ready(self) -> bool:
        return admin.coordinator_answers(self.bootstrap_servers)

    def _postgres_is_ready(self) -> bool:
        return admin.blocking(databases.answers(self.admin_dsn))

    def _free_port(self, name: str) -> int:
        """Return the port of a process that does not run; another if a stranger took it."""
        port = self._state.port(name)
        if is_free(port):
            return port
        # Services that still run know the old address only.
        running = self._supervisor.running()
        self._supervisor.stop({k: v for k, v in running.items() if k not in _SERVERS})
        return self._state.renew_port(name)

    def _settings_of(self, service: str, replica: int) -> dict[str, str]:
        """Return the environment of one replica; it asks the replicas with its own number."""
        urls = {name: self.service_url(name, replica) for name in self.services()}
        urls |= {name: self.service_url(name) for name in self._providers}
        return services.environment(
            service,
            replica,
            urls=urls,
            bootstrap_servers=self.bootstrap_servers,
            dsn=self.dsn(service, service),
            principal_keys=self._state.principal_keys(),
            platform_key=self.platform_key,
            settings={**self._provider_settings(), **self._settings},
        )

    def _provider_settings(self) -> dict[str, str]:
        if not self._providers:
            return {}
        gateway_url = self.service_url("gateway")
        return providers.settings(self.service_url(providers.NAME), gateway_url, self._state)

    def _describe(self, name: str, process: psutil.Process | None) -> Process:
        if name == "kafka":
            address, is_ready = self.bootstrap_servers, self._kafka_is_ready
        elif name == "postgres":
            address, is_ready = databases.place_of(self.admin_dsn), self._postgres_is_ready
        else:
            service, _, replica = name.rpartition("-")
            address = self.service_url(service, int(replica))
            is_ready = partial(services.is_ready, address)
        return Process(
            name=name,
            pid=process.pid if process else None,
            address=address,
            ready=is_ready(),
            memory_bytes=processes.memory(process) if process else 0,
        )

    def _stop_strays(self) -> None:
        """Stop what runs without its memory: someone removed the folder of a running stack."""
        if self._state.is_new():
            self._supervisor.stop(self._supervisor.running())

    def _wipe(self) -> None:
        server.wipe(self.folder, self._state)
        for name in ("kafka", "logs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self._state.wipe()

    @contextmanager
    def _alone(self) -> Generator[None]:
        with locked(self.folder / "lock"):
            self._supervisor.resume()
            yield


def _process_name(name: str, replica: int) -> str:
    return name if name in _SERVERS else services.instance(name, replica)
