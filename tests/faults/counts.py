"""How much of everything: enough to be sure, or as much as fits into every run of the tests."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Waves:
    """Appointments that begin together, `each` at a time, `number` times, seconds apart."""

    number: int
    each: int
    seconds_apart: float


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The sizes of all faults."""

    members: int
    service_waves: Waves
    kills_per_wave: int
    server_waves: Waves
    copied_waves: Waves
    zombie_waves: Waves
    zombie_seconds: float
    rolling_waves: Waves
    partition_waves: Waves
    partition_seconds: float
    half_open: bool  # it takes the half of a minute until such a connection is given up
    race_rounds: int
    racers: int
    start_races: Waves
    broker_kills: int
    many_starts: Waves
    late_waves: Waves
    absences: tuple[tuple[str, ...], ...]
    absent_seconds: float
    repeated_bookings: int
    gateway_kills: int


_ALL_OF_A_START: Final = ("scheduler", "membership", "kafka")

FULL: Final = Counts(
    members=2500,
    service_waves=Waves(number=25, each=200, seconds_apart=5),
    kills_per_wave=8,
    server_waves=Waves(number=2, each=200, seconds_apart=10),
    copied_waves=Waves(number=3, each=300, seconds_apart=4),
    zombie_waves=Waves(number=4, each=100, seconds_apart=6),
    zombie_seconds=20,
    rolling_waves=Waves(number=2, each=100, seconds_apart=5),
    partition_waves=Waves(number=6, each=50, seconds_apart=10),
    partition_seconds=60,
    half_open=True,
    race_rounds=200,
    racers=64,
    start_races=Waves(number=20, each=250, seconds_apart=0),
    broker_kills=4,
    many_starts=Waves(number=4, each=2500, seconds_apart=0),
    late_waves=Waves(number=1, each=200, seconds_apart=0),
    absences=(("scheduler",), ("membership",), ("kafka",), _ALL_OF_A_START),
    absent_seconds=10,
    repeated_bookings=1000,
    gateway_kills=10,
)
SMALL: Final = Counts(
    members=100,
    service_waves=Waves(number=1, each=40, seconds_apart=1),
    kills_per_wave=8,
    server_waves=Waves(number=1, each=30, seconds_apart=1),
    copied_waves=Waves(number=1, each=40, seconds_apart=1),
    zombie_waves=Waves(number=1, each=20, seconds_apart=1),
    zombie_seconds=12,
    rolling_waves=Waves(number=1, each=20, seconds_apart=1),
    partition_waves=Waves(number=1, each=20, seconds_apart=1),
    partition_seconds=5,
    half_open=False,
    race_rounds=4,
    racers=32,
    start_races=Waves(number=1, each=40, seconds_apart=0),
    broker_kills=0,
    many_starts=Waves(number=1, each=80, seconds_apart=0),
    late_waves=Waves(number=1, each=20, seconds_apart=0),
    absences=(("scheduler", "membership"),),
    absent_seconds=1,
    repeated_bookings=60,
    gateway_kills=2,
)
