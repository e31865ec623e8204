"""The trace's clock in a Python process. The engine keeps the time in a file of eight bytes that
is mapped here.

Functions are replaced in `time`; `datetime.now` and `utcnow` in the type itself, so that its
identity stays. Waits inside of the standard library keep the real clock: a frozen one would make
them wait for ever.
Not modelled: SQLite's own `now`, the times of files, clocks read by C extensions.
"""

import ctypes
import datetime
import gc
import json
import mmap
import struct
import sys
import time

from . import agent
from .places import CLOCK
from .watched import reads

REAL = {name: getattr(time, name) for name in dir(time) if callable(getattr(time, name))}
WAITERS = ('asyncio', 'concurrent', 'multiprocessing')
WAITING = frozenset(
    ('threading', 'queue', 'subprocess', 'selectors', 'socket', 'socketserver', 'ssl')
)
_unpack = struct.Struct('<d').unpack_from
_page = b'\0' * 8
_origin = [0.0]


def now_ms():
    reads['time'] += 1
    return _unpack(_page)[0]


def is_waiting(depth=2):
    """Whether the caller's caller is a part of the standard library that waits."""
    name = sys._getframe(depth).f_globals.get('__name__', '')
    return name in WAITING or name.partition('.')[0] in WAITERS


def trace_time():
    return now_ms() / 1000


def trace_time_ns():
    return int(now_ms()) * 1_000_000


def trace_monotonic():
    return REAL['monotonic']() if is_waiting() else now_ms() / 1000


def trace_monotonic_ns():
    return REAL['monotonic_ns']() if is_waiting() else int(now_ms()) * 1_000_000


def trace_spent():
    return (now_ms() - _origin[0]) / 1000


def trace_spent_ns():
    return int(now_ms() - _origin[0]) * 1_000_000


def trace_sleep(seconds, /):
    if is_waiting() or not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e10:
        return REAL['sleep'](seconds)
    if not agent.context():
        return None
    agent.ask(b'call', agent.context(), b'sleep', json.dumps([seconds]).encode())
    return None


def trace_clock_gettime(clock, /):
    return REAL['clock_gettime'](clock) if is_waiting() else now_ms() / 1000


def trace_clock_gettime_ns(clock, /):
    return REAL['clock_gettime_ns'](clock) if is_waiting() else int(now_ms()) * 1_000_000


def at_now(name):
    real = REAL[name]

    def broken_down(seconds=None, /):
        return real(now_ms() / 1000 if seconds is None else seconds)

    return broken_down


def trace_strftime(form, moment=None, /):
    return REAL['strftime'](form, moment if moment is not None else time.localtime())


def trace_asctime(moment=None, /):
    return REAL['asctime'](moment if moment is not None else time.localtime())


def trace_now(cls, tz=None):
    return cls.fromtimestamp(now_ms() / 1000, tz)


def trace_utcnow(cls):
    return cls.fromtimestamp(now_ms() / 1000, datetime.timezone.utc).replace(tzinfo=None)


REPLACED = {
    'time': trace_time,
    'time_ns': trace_time_ns,
    'monotonic': trace_monotonic,
    'monotonic_ns': trace_monotonic_ns,
    'perf_counter': trace_monotonic,
    'perf_counter_ns': trace_monotonic_ns,
    'process_time': trace_spent,
    'process_time_ns': trace_spent_ns,
    'thread_time': trace_spent,
    'thread_time_ns': trace_spent_ns,
    'sleep': trace_sleep,
    'clock_gettime': trace_clock_gettime,
    'clock_gettime_ns': trace_clock_gettime_ns,
    'localtime': at_now('localtime'),
    'gmtime': at_now('gmtime'),
    'ctime': at_now('ctime'),
    'strftime': trace_strftime,
    'asctime': trace_asctime,
}


def install():
    """Replaces the functions of this process; they read 1970 until an event begins."""
    for name, function in REPLACED.items():
        function.__name__ = name
        setattr(time, name, function)
    members = gc.get_referents(datetime.datetime.__dict__)[0]
    members['now'] = classmethod(trace_now)
    members['utcnow'] = classmethod(trace_utcnow)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))


def open_page(path=CLOCK):
    global _page
    with open(path, 'rb') as file:
        _page = mmap.mmap(file.fileno(), 8, mmap.MAP_SHARED, mmap.PROT_READ)


def begin():
    """An event begins: what is counted from the start of a process is counted from here."""
    _origin[0] = _unpack(_page)[0]
    logging = sys.modules.get('logging')
    if logging is not None:
        start = trace_time_ns() if isinstance(logging._startTime, int) else trace_time()
        logging._startTime = start
