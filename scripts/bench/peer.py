"""The peer: the bench's events through ops.testing.Context.run, in the same sandbox, with the machine's own clocks.

Prints one line: milliseconds of wall and of CPU time per event. argv: passes to count, after one that is not.
The clocks of Python's time module are the trace's here, so the kernel is asked directly.
"""

import ctypes
import json
import logging
import os
import pathlib
import sys

charm_dir = pathlib.Path(os.environ["JUJU_CHARM_DIR"])
sys.path[:0] = [str(charm_dir / name) for name in ("src", "lib", "venv")]

from ops import testing  # noqa: E402

import charm  # noqa: E402

libc = ctypes.CDLL(None, use_errno=True)


class TimeSpec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


def millis(clock: int) -> float:
    spec = TimeSpec()
    libc.clock_gettime(clock, ctypes.byref(spec))
    return spec.seconds * 1e3 + spec.nanoseconds / 1e6


MONOTONIC, PROCESS_CPU = 1, 2


def play_small(ctx: testing.Context) -> int:
    """One pass over the small charm's events, each from the same state."""
    on = ctx.on
    relation = testing.Relation("db", remote_app_name="postgresql")
    state = testing.State(leader=True, config={"slug": "hello"}, relations=[relation])
    for event in (
        on.install(),
        on.config_changed(),
        on.start(),
        on.relation_created(relation),
        on.update_status(),
    ):
        ctx.run(event, state)
    return 5


def play_board(ctx: testing.Context) -> int:
    """One pass over the board's events, each from the state the one before left."""
    on = ctx.on
    board = testing.Container("board", can_connect=False)
    state = testing.State(leader=True, config={"slug": "hello"}, containers=[board])
    for event in (on.install(), on.leader_elected(), on.config_changed(), on.start()):
        state = ctx.run(event, state)
    up = testing.Container("board", can_connect=True)
    state = ctx.run(on.pebble_ready(up), testing.State(leader=True, config={"slug": "hello"}, containers=[up]))
    relation = testing.Relation(
        "db",
        remote_app_name="postgresql",
        remote_app_data={"endpoints": "db.example:5432", "username": "board", "password": "x"},
    )
    state = testing.State(leader=True, config={"slug": "hello"}, containers=state.containers, relations=[relation])
    for make in (on.relation_created, on.relation_joined, on.relation_changed):
        state = ctx.run(make(next(iter(state.relations))), state)
    ctx.run(on.update_status(), state)
    return 9


def main() -> None:
    passes = int(os.environ["JUJU_MODEL_NAME"])
    logging.disable(logging.WARNING)
    small = getattr(charm, "SmallCharm", None)
    play = play_small if small else play_board
    ctx = testing.Context(small or charm.NoticeBoardCharm, charm_root=charm_dir)
    play(ctx)
    wall, cpu, events = millis(MONOTONIC), millis(PROCESS_CPU), 0
    for _ in range(passes):
        events += play(ctx)
    wall, cpu = millis(MONOTONIC) - wall, millis(PROCESS_CPU) - cpu
    print(json.dumps({"wall": wall / events, "cpu": cpu / events, "events": events}))


main()
