"""One event: a child of the server that becomes the charm's program, and what is watched until it ends.

Source: juju internal/worker/uniter/runner (which file runs, its arguments, its folder).
"""

import errno
import os
import resource
import select
import signal

from . import linux, places

TICK_SECONDS = 0.05
# Where a child says why it could not become the charm; closed by exec, and by a fork that has become it.
TELL = 3


def program_of(charm, path):
    """The file Juju would run, and why it cannot be, if it cannot: (file, None), (None, 'missing') or (None, why)."""
    for name in ('dispatch', path):
        file = os.path.join(charm, name)
        if os.path.lexists(file):
            if not os.path.isfile(file):
                return None, f'{name} is not a file'
            if not os.stat(file).st_mode & 0o111:
                return None, f'{name} is not executable'
            return file, None
    return None, 'missing'


def start(job, settings, run_python):
    """Forks the event's process. Answers its pid and a descriptor on which a failed exec tells why."""
    tell_read, tell_write = os.pipe()
    child = os.fork()
    if child:
        os.close(tell_write)
        return child, tell_read
    try:
        become(job, settings, tell_write)
        if run_python is not None:
            run_python(job)
        else:
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


def become(job, settings, tell):
    """From the server's process to the charm's: own session, own streams, limits, few capabilities."""
    os.setsid()
    stdout, stderr = settings['outputs']
    null = os.open('/dev/null', os.O_RDONLY)
    for number, file in enumerate((null, stdout, stderr)):
        os.dup2(file, number)
    os.dup2(tell, TELL, inheritable=False)
    os.closerange(TELL + 1, 1 << 20)
    os.chdir(places.charm_dir(job['unit']))
    if settings['sandbox'] == 'namespaces':
        linux.unshare(linux.CLONE_NEWIPC)
        linux.drop_capabilities()
    set_limits(job['limits'])
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)


def set_limits(limits):
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, limits['processes']),
        (resource.RLIMIT_DATA, limits['memory']),
        (resource.RLIMIT_MEMLOCK, 1 << 16),
        (resource.RLIMIT_MSGQUEUE, 1 << 16),
    ):
        resource.setrlimit(what, (value, value))
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 4096))


def watch(child, control, limits):
    """Waits for the program's end. Answers its wait status and what cut it short, if anything did."""
    ending = os.pidfd_open(child)
    cut = None
    try:
        poller = select.poll()
        poller.register(ending, select.POLLIN)
        poller.register(control.reader, select.POLLIN)
        while True:
            ready = dict(poller.poll(TICK_SECONDS * 1000))
            if ending in ready:
                return os.waitpid(child, 0)[1], cut
            if control.reader in ready and control.receive_kill():
                cut = cut or 'killed'
                kill_all()
            elif not ready:
                reap_orphans(child)
                over = over_limit(limits)
                if over:
                    cut = cut or over
                    kill_all()
    finally:
        os.close(ending)


def kill_all():
    """Everything in this pid namespace but this process, which is its first."""
    if os.getpid() != 1:
        raise RuntimeError('only the first process of a pid namespace may do this')
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def reap_all():
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


def reap_orphans(child):
    """Processes whose parent is gone are this process's children; the program itself is left to be waited for."""
    while True:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None or ended.si_pid == child:
            return
        os.waitpid(ended.si_pid, 0)


def over_limit(limits):
    """'memory', 'processes' or None. The server counts as one of the user's processes too."""
    names = [name for name in os.listdir('/proc') if name.isdigit() and name != '1']
    if len(names) + 1 >= limits['processes']:
        return 'processes'
    # Pages that forks share count once; that is dear to find out, so only when it could matter.
    if sum(map(held_pages, names)) * resource.getpagesize() <= limits['memory']:
        return None
    return 'memory' if sum(map(own_bytes, names)) > limits['memory'] else None


def held_pages(name):
    try:
        with open(f'/proc/{name}/statm', encoding='ascii') as file:
            fields = file.read().split()
        return int(fields[1]) - int(fields[2])
    except OSError:
        return 0


def own_bytes(name):
    """A process's share of the memory it holds, files left out."""
    try:
        with open(f'/proc/{name}/smaps_rollup', encoding='ascii') as file:
            shares = {words[0]: int(words[1]) for words in map(str.split, file) if len(words) > 2 and words[1].isdigit()}
    except OSError:
        return 0
    return 1024 * shares.get('Pss_Anon:', shares.get('Pss:', 0))
