"""What Python says of cpus, memory and kernel: the State's machine. Not modelled: direct system calls
that tell of the host.
"""

import os
import sys

from .watched import reads

_told = {'cpus': 1, 'memoryMiB': 1024, 'kernel': {'release': '', 'version': ''}}
_sysconf = os.sysconf
_uname = os.uname
_affinity = os.sched_getaffinity


def cpu_count():
    reads['machine'] += 1
    return _told['cpus']


def sched_getaffinity(pid, /):
    reads['machine'] += 1
    return set(range(_told['cpus'])) if pid in (0, os.getpid()) else _affinity(pid)


def getloadavg():
    return (0.0, 0.0, 0.0)


def uname():
    # Not noted: nearly every library asks for the system's name as it is imported.
    system, node, _, _, kind = _uname()
    kernel = _told['kernel']
    return os.uname_result((system, node, kernel['release'], kernel['version'], kind))


def sysconf(name, /):
    pages = (_told['memoryMiB'] << 20) // _sysconf('SC_PAGE_SIZE')
    answers = {
        'SC_NPROCESSORS_ONLN': _told['cpus'],
        'SC_NPROCESSORS_CONF': _told['cpus'],
        'SC_PHYS_PAGES': pages,
        'SC_AVPHYS_PAGES': pages * 3 // 4,
    }
    number = name if isinstance(name, int) else os.sysconf_names.get(name)
    for known, answer in answers.items():
        if number == os.sysconf_names.get(known):
            reads['machine'] += 1
            return answer
    return _sysconf(name)


def install():
    os.cpu_count = cpu_count
    os.sched_getaffinity = sched_getaffinity
    os.getloadavg = getloadavg
    os.sysconf = sysconf
    os.uname = uname
    if hasattr(os, 'process_cpu_count'):
        os.process_cpu_count = cpu_count


def begin(machine):
    _told.update(machine)
    platform = sys.modules.get('platform')
    if platform is not None:
        # It has kept the name of the machine it was first asked on.
        platform._uname_cache = None
