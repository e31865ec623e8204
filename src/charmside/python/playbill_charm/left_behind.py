"""What a charm's program leaves running when it ends: daemons, which have sessions of their own. The rest dies with
the event and is told of nowhere: how far it came is nobody's doing.

Source: daemon(7), proc(5) (stat, cmdline, status).
Not modelled: what the charm put into the background and left in its own session, as with nohup.
"""

import os
import time

from . import owners
from .processes import others

# How long a process that begins to be a daemon may take to become one.
SECONDS = 0.2
STEP = 0.005
# Kept from before `time` is the trace's.
SLEEP = time.sleep


def daemons(session, stubs):
    """Each with its pid, arguments and user; in order of pids."""
    for _ in range(int(SECONDS / STEP)):
        sessions = {pid: session_of(pid) for pid in others() if pid not in stubs.living}
        if session not in sessions.values():
            break
        SLEEP(STEP)
    found = [told(pid) for pid, own in sorted(sessions.items()) if own not in (None, session)]
    return [one for one in found if one]


def session_of(pid):
    """None of what has ended."""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
            fields = file.read().rpartition(')')[2].split()
    except OSError:
        return None
    return None if fields[0] in 'ZX' else int(fields[3])


def told(pid):
    try:
        with open(f'/proc/{pid}/cmdline', 'rb') as file:
            words = file.read().rstrip(b'\0').split(b'\0')
        uid = os.stat(f'/proc/{pid}').st_uid
    except OSError:
        return None
    user = owners.named((uid, 0)).get('user', 'root')
    return {'pid': pid, 'argv': [word.decode('utf-8', 'replace') for word in words], 'user': user}
