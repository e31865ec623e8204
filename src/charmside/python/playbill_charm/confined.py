"""Without namespaces: a charm on the host that writes in its own folders only, and whose first write elsewhere ends it.

Landlock (landlock.py) is what keeps it in. Calls that would change something are handed over besides, so that a write
outside can be told by its path; those that Landlock does not see are done here, on a file that was looked at.
Source: seccomp(2), seccomp_unotify(2), landlock(7).
Not modelled: a network of its own, files that only the machine has, other owners but on record; what the charm
reads of the host's programs and of /proc is the host's.
"""

import errno
import os
import socket

from . import bare, confined_calls, landlock, linux, places, seccomp
from .system_files import ETC_FROM_HOST

RUNG = 'sandbox: no namespaces, only Landlock: the charm shares the host’s files, read-only'
OWN = ('var', 'charm', 'run', 'tmp')
SYSTEM = ('/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/proc')
ETC = (
    *ETC_FROM_HOST,
    *('bash.bashrc', 'debian_version', 'group', 'host.conf', 'hostname', 'hosts', 'localtime'),
    *('lsb-release', 'nsswitch.conf', 'os-release', 'passwd', 'profile', 'shells', 'timezone'),
)
DEVICES = ('null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'pts')
# Where a write is the kernel's own matter: Landlock refuses what is not to be.
NO_FILES = ('/proc/', '/dev/')
# What interpreters would keep beside their modules, and do without.
BYTECODE = '/__pycache__'


class Ends(Exception):
    """The event is over: `how`, and what the charm would have changed that is not its own."""

    def __init__(self, how, path=None):
        super().__init__(how)
        self.how, self.path = how, path


class Confinement:
    """`readable`: of the host, beside its programs. `pipes`: what the charm's output goes into."""

    def __init__(self, root, readable, pipes):
        self.version = landlock.version()
        if self.version < landlock.LEAST:
            raise OSError(errno.ENOSYS, 'the kernel has no Landlock, or an old one (Linux 6.2 has it)')
        if not confined_calls.KNOWN:
            raise OSError(errno.ENOSYS, 'calls of this architecture are not known')
        self.root = os.path.realpath(root)
        self.readable, self.pipes = readable, pipes
        self.own = tuple(f'{self.root}/{name}/' for name in OWN)
        self.filter = confined_calls.Filter(self.version)
        # How the event was cut short, and by what; how many processes there may be, and come before counting again.
        self.cut = self.path = None
        self.processes = self.room = 0

    def enter(self):
        """In the event's process, before it becomes the charm."""
        rules = landlock.Ruleset(self.version)
        for path in (*SYSTEM, self.root, *self.readable, *(f'/etc/{name}' for name in ETC)):
            rules.allow(os.path.realpath(path), landlock.READ)
        for path in (*(f'/dev/{name}' for name in DEVICES), *self.pipes):
            rules.allow(path, landlock.USE)
        for path in self.own:
            rules.allow(path, landlock.CHANGE)
        linux.give_up_capabilities()
        rules.restrict()

    def install(self):
        return self.filter.install()

    def answer_one(self, listener):
        try:
            asked = seccomp.HandedOver(listener)
        except OSError:
            return
        try:
            confined_calls.answer(asked, self)
        except Ends as found:
            # It is not answered any more.
            self.cut, self.path = found.how, found.path
        except OSError as error:
            asked.answer(error.errno or errno.EPERM)

    def check(self, path):
        """Ends the event unless the charm may change what is there."""
        if f'{path}/'.startswith(self.own) or path.startswith(NO_FILES) or BYTECODE in path:
            return
        raise Ends('outside', path.removeprefix(self.root))

    def begin(self, limits):
        self.cut = self.path = None
        self.processes, self.room = limits['processes'], 0

    def one_more(self):
        """A process or a thread. They are counted only when there could be too many."""
        if self.room == 0:
            self.room = self.processes - len(bare.descendants()) - 1
            if self.room <= 0:
                raise Ends('processes')
        self.room -= 1

    def may_connect(self, path):
        sockets = os.path.realpath(f'{self.root}/opt/playbill/sockets')
        return path.startswith((*self.own, f'{sockets}/'))

    def told(self, ended):
        """How an event ended, with what it would have changed."""
        return {**ended, 'reason': self.path} if ended['how'] == 'outside' else ended


def for_server(settings):
    """Of what the server was told; None where a charm is to run bare."""
    if not settings.get('confined'):
        return None
    own = [f'{places.OWN}/{name}' for name in ('charmside', 'clock', 'packages')]
    return Confinement(places.ROOT, [*own, *settings['readable']], settings['pipes'])


def try_out(root):
    """Whether this host lets a process be confined, and what it then asks for be heard. Raises OSError."""
    trial = Confinement(root, [], [])
    os.makedirs(trial.own[0], exist_ok=True)
    ours, its = socket.socketpair()
    child = os.fork()
    if child == 0:
        ask_once(trial, its)
    its.close()
    _, (listener,), _, _ = socket.recv_fds(ours, 1, 1)
    trial.answer_one(listener)
    os.close(listener)
    ours.close()
    if os.waitpid(child, 0)[1] != 0:
        raise OSError(errno.EPERM, 'a confined process may not do what it should')


def ask_once(trial, its):
    code = 1
    try:
        trial.enter()
        socket.send_fds(its, [b'.'], [trial.install()])
        os.mkdir(f'{trial.own[0]}trial')
        code = 0
    finally:
        os._exit(code)
