"""The simulated processes of a machine, as long as an event lasts: what stands for them (stub_maker.py), and the
signals that a charm sends them, which the engine hears of before the call returns.

Where there is no sandbox, or nobody to make processes, only calls that send signals tell of them.
Not modelled there: ps, /proc, descriptors of processes. Nor anywhere: signals on processors whose calls
seccomp.py does not know.
"""

import os
import signal

from . import ids, linux, owners, places, processes, seccomp
from .answers import caller, signed
from .control import Control
from .stub_maker import FIRST_OWN

# Room for processes that begin during an event, beside what the charm may have.
SPARE = 16


def beside(job, settings, control):
    """Those of a job. Only machines have any."""
    if 'processes' not in job or settings.get('confined'):
        return NONE
    if settings.get('stubs') is None:
        if seccomp.KNOWN and not settings.get('handed_over'):
            if places.ROOT and os.geteuid():
                linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
            settings['handed_over'] = {False: seccomp.Filter(seccomp.SIGNALS, asking=True)}
        return Told(job['processes'], control)
    if 'maker' not in settings:
        settings['maker'] = Maker(settings['stubs'])
        settings['maker'].ahead()
    return Stubs(job['processes'], settings, control)


def ahead(settings):
    """An event is over: what the next one needs is got ready while the engine goes on."""
    if 'maker' in settings:
        settings['maker'].ahead()


class Maker:
    """The launcher, which has the charm's own pids counted anew in each event and makes what is wanted."""

    def __init__(self, file):
        self.control = Control(file, file)
        self.owed = 0

    def ahead(self):
        self.control.send('make', start=[], own=FIRST_OWN)
        self.owed += 1

    def settle(self):
        while self.owed:
            self.owed -= 1
            self.control.receive()

    def make(self, start, own):
        self.settle()
        self.control.send('make', start=start, own=own)
        return self.control.receive()


class Nothing:
    """No machine of its own, or no way to have processes made."""

    here = False
    living = {}
    signals = None

    def room(self):
        return 0

    def change(self, _start, _end):
        return None


NONE = Nothing()


class Told(Nothing):
    """Processes that nothing stands for: calls about them are answered, and that is all."""

    def __init__(self, first, control):
        self.living = {}
        self.signals = Signals(self, control)
        self.change(first, [])

    def change(self, start, end):
        for pid in end:
            self.living.pop(pid, None)
        for one in start:
            self.living[one['pid']] = 0

    def allowed(self, pids, _asked):
        return pids

    def beside(self, _asked):
        return True


class Stubs:
    here = True

    def __init__(self, first, settings, control):
        self.maker = settings['maker']
        self.single = ids.ONE in settings['rungs']
        # Whose each is, by pid.
        self.living = {}
        self.signals = Signals(self, control)
        if first:
            self.make(first, FIRST_OWN)
        else:
            self.maker.settle()

    def room(self):
        return len(self.living) + SPARE

    def change(self, start, end):
        """Answers why one could not be, or None."""
        for pid in end:
            self.end(pid)
        return self.make(start, 0) if start else None

    def make(self, start, own):
        wanted = [{'pid': one['pid'], 'argv': one['argv'], **self.owner(one['user'])} for one in start]
        made = self.maker.make(wanted, own)
        if made is None:
            return 'nobody makes processes any more'
        for one in wanted:
            if one['pid'] not in made['failed']:
                self.living[one['pid']] = one['uid']
        if made['failed']:
            return f'the charm has processes of its own under these pids: {made["failed"]}'
        return None

    def end(self, pid):
        if self.living.pop(pid, None) is None:
            return
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            # The charm's machine has killed it, or it was reaped as any other.
            return

    def allowed(self, pids, asked):
        """Those that the caller may send signals to."""
        uid, _umask = caller(asked.pid)
        return [pid for pid in pids if uid in (0, self.living[pid])]

    def beside(self, asked):
        """Whether a signal to everybody reaches others as well."""
        return bool(set(processes.others()) - set(self.living) - {asked.pid})

    def owner(self, user):
        uid, gid = (0, 0) if self.single else numbers_of(user)
        return {'uid': uid, 'gid': gid}


def numbers_of(user):
    """A user's number and group, as the machine's own file says it."""
    for line in lines_of('/etc/passwd'):
        name, _, uid, gid = (line.split(':') + [''] * 4)[:4]
        if user in (name, uid) and is_id(uid) and is_id(gid):
            return int(uid), int(gid)
    uid = owners.USERS.get(user, int(user) if is_id(user) else 0)
    return uid, owners.GROUPS.get(user, uid)


def is_id(text):
    return text.isdecimal() and int(text) < ids.COUNT


def lines_of(path):
    """Of a plain file only: a charm may have put anything there."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return []
    with os.fdopen(file, 'rb') as stream:
        if not os.path.isfile(f'/proc/self/fd/{stream.fileno()}'):
            return []
        return stream.read(1 << 20).decode('utf-8', 'replace').split('\n')


class Signals:
    """Calls that send signals. What is for a simulated process waits until the engine has heard of it."""

    def __init__(self, stubs, control):
        self.stubs = stubs
        self.control = control
        self.waiting = {}
        self.count = 0

    def take(self, asked, name):
        number = signed(asked.arguments[seccomp.SIGNALS[name]])
        pids = self.reached(asked, name)
        if pids and number == 0 and not is_broadcast(asked, name):
            asked.answer()
            return
        allowed = self.stubs.allowed(pids, asked) if number in signal.valid_signals() else []
        if not allowed:
            # The kernel says what is wrong, unless the call reaches others.
            asked.go_on()
            return
        self.count += 1
        self.waiting[self.count] = [asked, len(allowed), is_broadcast(asked, name)]
        for pid in allowed:
            self.control.send('signal', number=self.count, pid=pid, signal=name_of(number))

    def reached(self, asked, name):
        """Which of the simulated processes the call is for."""
        to = signed(asked.arguments[0])
        if name == 'pidfd_send_signal':
            to = pid_behind(asked.pid, to)
        if is_broadcast(asked, name):
            return sorted(self.stubs.living)
        # Each is alone in its group.
        to = abs(to) if name == 'kill' else to
        return [to] if to in self.stubs.living else []

    def heard(self, number):
        """The engine has made of one signal what it makes of it."""
        waits = self.waiting[number]
        waits[1] -= 1
        if waits[1] > 0:
            return
        asked, _, broadcast = self.waiting.pop(number)
        if broadcast and self.stubs.beside(asked):
            asked.go_on()
        else:
            asked.answer()


def is_broadcast(asked, name):
    return name == 'kill' and signed(asked.arguments[0]) == -1


def name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f'SIGRTMIN+{number - signal.SIGRTMIN}'


def pid_behind(pid, file):
    """Whom a descriptor of a process stands for: one of pidfd_open(2), or a folder of /proc."""
    try:
        with open(f'/proc/{pid}/fdinfo/{file}', encoding='ascii') as lines:
            for line in lines:
                if line.startswith('Pid:'):
                    return int(line.split()[1])
        above, _, name = os.readlink(f'/proc/{pid}/fd/{file}').rpartition('/')
    except OSError:
        return 0
    return int(name) if above.endswith('/proc') and name.isdecimal() else 0
