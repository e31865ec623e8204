"""The processes of one event, beside the server: counted, killed, reaped."""

import os
import resource
import signal

from . import bare, places


def kill_all():
    """Everything in this pid namespace but this process, which is its first. Without a sandbox:
    all descendants.
    """
    if places.ROOT:
        return bare.kill_descendants()
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
    """Processes whose parent is gone are this process's children; the program itself is left to
    be waited for.
    """
    while True:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None or ended.si_pid == child:
            return
        os.waitpid(ended.si_pid, 0)


def over_limit(limits, stubs=()):
    """'memory', 'processes' or None. The server counts as one of the user's processes too, what stands for
    simulated ones does not.
    """
    names = (
        bare.descendants()
        if places.ROOT
        else [str(pid) for pid in others() if pid not in stubs]
    )
    if len(names) + 1 >= limits['processes']:
        return 'processes'
    # Pages that forks share count once; that is dear to find out, so only when it could matter.
    if sum(map(held_pages, names)) * resource.getpagesize() <= limits['memory']:
        return None
    return 'memory' if sum(map(own_bytes, names)) > limits['memory'] else None


def others():
    """Pids of all processes but the server."""
    return [int(name) for name in os.listdir('/proc') if name.isdigit() and name != '1']


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
            shares = {
                words[0]: int(words[1])
                for words in map(str.split, file)
                if len(words) > 2 and words[1].isdigit()
            }
    except OSError:
        return 0
    return 1024 * shares.get('Pss_Anon:', shares.get('Pss:', 0))
