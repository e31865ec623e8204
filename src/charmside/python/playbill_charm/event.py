"""One event: a child of the server that becomes the charm's program, and what is watched until it
ends.

Source: juju internal/worker/uniter/runner (which file runs, its arguments, its folder).
"""

import errno
import itertools
import os
import resource
import select
import signal
import socket

from . import answers, linux, places, processes
from .stubs import NONE
from .machine_command import change_all
from .answering import LISTENER, Answering, hand_over

TICK_SECONDS = 0.05
# Something may arrive without end; limits are looked at all the same.
TURNS = 64
# Where a child says why it could not become the charm; closed by exec, and by a fork that has
# become it.
TELL = 3


def program_of(charm, path):
    """The file Juju would run, and why it cannot be, if it cannot: (file, None), (None,
    'missing') or (None, why).
    """
    for name in ('dispatch', path):
        file = os.path.join(charm, name)
        if os.path.lexists(file):
            if not os.path.isfile(file):
                return None, f'{name} is not a file'
            if not os.stat(file).st_mode & 0o111:
                return None, f'{name} is not executable'
            return file, None
    return None, 'missing'


def start(job, settings, run_python, stubs=NONE):
    """Forks the event's process. Answers its pid, a descriptor on which a failed exec tells why, and a socket
    that brings what listens to the calls it hands over.
    """
    tell_read, tell_write = os.pipe()
    ours, its = socket.socketpair()
    child = linux.fork()
    if child:
        os.close(tell_write)
        its.close()
        return child, tell_read, ours
    try:
        become(job, settings, (tell_write, its.fileno()), stubs)
        if run_python is not None:
            # Both signals are ignored, as an interpreter does when it starts; this one did.
            run_python(job)
        else:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            os.execve(job['program'], [job['program']], job['environment'])
    except OSError as error:
        os.write(TELL, exec_reason(error, job).encode())
    except BaseException as error:
        os.write(TELL, f'playbill: {type(error).__name__}: {error}'.encode())
    finally:
        os._exit(127)


def exec_reason(error, job):
    name = os.path.relpath(job['program'], places.charm_dir(job['unit']))
    if error.errno == errno.ENOENT:
        return f'{name}: its interpreter was not found'
    return f'{name}: {os.strerror(error.errno) if error.errno else error}'


def become(job, settings, ends, stubs):
    """From the server's process to the charm's: own session, own streams, limits, few
    capabilities.
    """
    os.setsid()
    stdout, stderr = settings['outputs']
    null = os.open('/dev/null', os.O_RDONLY)
    for number, file in enumerate((null, stdout, stderr)):
        os.dup2(file, number)
    for number, end in zip((TELL, LISTENER), [os.dup(end) for end in ends]):
        os.dup2(end, number, inheritable=False)
    os.closerange(LISTENER + 1, 1 << 20)
    os.chdir(places.charm_dir(job['unit']))
    if not places.ROOT:
        linux.unshare(linux.CLONE_NEWIPC)
        linux.drop_capabilities()
    set_limits(job['limits'], stubs.room())
    confinement = settings.get('confinement')
    if confinement:
        confinement.enter()
        hand_over(confinement, needed=True)
    else:
        hand_over(settings.get('handed_over', {}).get(stubs.here))
    linux.prctl(linux.PR_SET_DUMPABLE, 1)


def set_lasting_limits():
    """Those of the server, and so of every event."""
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 1 << 16),
        (resource.RLIMIT_MSGQUEUE, 1 << 16),
    ):
        resource.setrlimit(what, (value, value))
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 4096))


def set_limits(limits, room):
    if not places.ROOT:
        # On the host it would count whatever else its user runs.
        most = limits['processes'] + room
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    resource.setrlimit(resource.RLIMIT_DATA, (limits['memory'], limits['memory']))


def answered_by(confinement, stubs):
    if confinement:
        return confinement.answer_one
    return lambda listener: answers.answer_one(listener, stubs.signals)


def watch(child, control, limits, arriving, stubs=NONE, confinement=None):
    """Waits for the program's end. Answers its wait status and what cut it short, if anything
    did.
    """
    ending = os.pidfd_open(child)
    cut, turns = None, itertools.count(1)
    poller = select.poll()
    answering = Answering(arriving, poller, answered_by(confinement, stubs))
    try:
        poller.register(ending, select.POLLIN)
        poller.register(control.reader, select.POLLIN)
        while True:
            waits = 0 if control.has_frame() else TICK_SECONDS * 1000
            ready = dict(poller.poll(waits))
            if ending in ready:
                return os.waitpid(child, 0)[1], cut
            answering.look(ready)
            if confinement and confinement.cut and not cut:
                cut = confinement.cut
                processes.kill_all()
            told = waits == 0 or control.reader in ready
            if told and control.receive_kill(change_all, stubs):
                cut = cut or 'killed'
                processes.kill_all()
            elif not ready or next(turns) % TURNS == 0:
                processes.reap_orphans(child)
                over = processes.over_limit(limits, stubs.living)
                if over:
                    cut = cut or over
                    processes.kill_all()
    finally:
        answering.close()
        os.close(ending)
