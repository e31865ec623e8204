"""Work done in a process that is thrown away, with no rights of the server's, and its outcome as JSON."""

import json
import os
import resource
import select
import time

from . import linux, places, processes

# Kept from before `time` is the trace's.
MONOTONIC = time.monotonic
PROCESSES_MAX = 128
DATA_MAX = 1 << 30


def in_child(work, seconds):
    """What `work` answers; None when it does not end in time, or not as it should."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            null = os.open('/dev/null', os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            os.closerange(3, write)
            os.closerange(write + 1, 1 << 20)
            if not places.ROOT:
                linux.drop_capabilities()
                limit()
            with os.fdopen(write, 'w') as pipe:
                json.dump(work(), pipe)
        finally:
            os._exit(0)
    os.close(write)
    text = read_until(read, MONOTONIC() + seconds)
    processes.kill_all()
    processes.reap_all()
    return json.loads(text) if text else None


def limit():
    """What a library does when it is imported may be as hostile as any event."""
    for what, most in ((resource.RLIMIT_NPROC, PROCESSES_MAX), (resource.RLIMIT_DATA, DATA_MAX)):
        resource.setrlimit(what, (most, most))


def read_until(pipe, end):
    """Everything written to a pipe; empty when it is not closed in time."""
    parts = []
    while select.select([pipe], [], [], max(0, end - MONOTONIC()))[0]:
        part = os.read(pipe, 1 << 16)
        if not part:
            os.close(pipe)
            return b''.join(parts)
        parts.append(part)
    os.close(pipe)
    return b''
