"""What stands for a machine's simulated processes while an event lasts: processes that only wait, each under the pid
and with the arguments and the owner that the State says.

They are made by the launcher, which is outside of the sandbox's processes and is the only one that may choose pids
there. Its forks find themselves inside; a first one makes the others and ends, so that they are the server's.
Source: clone(2) (set_tid), prctl(2) (PR_SET_MM_MAP), proc(5) (stat, ns_last_pid), setns(2).
Not modelled: what a process does, opens or listens on; its executable; other owners where one id is mapped.
"""

import array
import ctypes
import errno
import gc
import os
import select
import signal
import socket
import struct

from . import linux
from .control import Control

CLONE3 = 435
SHELL = '/bin/sh'
SETNS = {'x86_64': 308, 'aarch64': 268}.get(os.uname().machine)
# The charm's own processes are counted from here in each event.
FIRST_OWN = 300
# Of one sandbox at one time; more is a server gone wild.
MOST = 2000
# More of a process's arguments is not shown.
ARGUMENTS = 4096
STAT_FIELDS = (26, 27, 45, 46, 47, 28)


def can_make():
    """Whether processes can be made under pids of one's choice here."""
    if SETNS is None:
        return False
    try:
        linux.call(CLONE3, b'', 0)
    except OSError as error:
        return error.errno == errno.EINVAL
    return True


def open_counter():
    """What sets the next pid of whoever writes to it, or None. In the sandbox it is read-only."""
    try:
        return os.open('/proc/sys/kernel/ns_last_pid', os.O_WRONLY)
    except OSError:
        return None


def serve(child, link, counter):
    """Makes what the server wants until that has ended. Answers its wait status."""
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    gc.disable()
    gc.freeze()
    ended = os.pidfd_open(child)
    poller = select.poll()
    poller.register(ended, select.POLLIN)
    poller.register(link, select.POLLIN)
    wanted = Control(link.fileno(), link.fileno())
    namespace = None
    while True:
        ready = dict(poller.poll())
        if ended in ready:
            return os.waitpid(child, 0)[1]
        if namespace is None:
            namespace = received(link)
            frame = None if namespace is None else {}
        else:
            frame = wanted.receive()
        if frame is None:
            poller.unregister(link)
        elif frame:
            wanted.send('made', failed=make(frame, namespace, counter))


def hand_namespace(link):
    """In the sandbox, before anything of the charm: whose ids the processes' owners are."""
    namespace = os.open('/proc/self/ns/user', os.O_RDONLY)
    rights = array.array('i', [namespace])
    link.sendmsg([b'.'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    os.close(namespace)


def received(link):
    for _level, _kind, data in link.recvmsg(1, socket.CMSG_LEN(4))[1]:
        return array.array('i', data)[0]
    return None


def make(frame, namespace, counter):
    """Pids that could not be had."""
    if not frame['start']:
        count_from(frame['own'], counter)
        return []
    read, write = os.pipe()
    maker = linux.fork()
    if maker == 0:
        try:
            os.close(read)
            make_all(frame['start'][:MOST], namespace, write)
            set_next(frame['own'], counter)
        finally:
            os._exit(0)
    os.close(write)
    failed = b''
    while part := os.read(read, 4096):
        failed += part
    os.close(read)
    os.waitpid(maker, 0)
    return [int(pid) for pid in failed.split()]


def make_all(wanted, namespace, write):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    layout = own_layout() if wanted else None
    for one in wanted:
        try:
            inside = clone_at(one['pid']) == 0
        except OSError:
            os.write(write, b'%d ' % one['pid'])
            continue
        if inside:
            try:
                stand_for(one, layout, (namespace, write))
            finally:
                os._exit(1)


def count_from(pid, counter):
    """As set_next, for the sandbox: by a shell in it, which is a fifth of what a fork of this process costs."""
    if pid and counter is not None:
        os.lseek(counter, 0, os.SEEK_SET)
        ends = [(os.POSIX_SPAWN_DUP2, counter, 3)]
        shell = os.posix_spawn(SHELL, [SHELL, '-c', f'echo {pid} >&3'], {}, file_actions=ends)
        os.waitpid(shell, 0)


def set_next(pid, counter):
    """What is started next gets the pid after this one, or the first that is free."""
    if pid and counter is not None:
        os.pwrite(counter, b'%d' % pid, 0)


def clone_at(pid):
    at = ctypes.c_int(pid)
    fields = (0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, ctypes.addressof(at), 1, 0)
    return linux.call(CLONE3, struct.pack('11Q', *fields), 88)


def stand_for(one, layout, ends):
    """Becomes the process, and waits until it is killed."""
    namespace, write = ends
    os.setsid()
    linux.call(SETNS, namespace, linux.CLONE_NEWUSER)
    try:
        os.setgroups([])
    except OSError:
        # With one id there are no groups.
        pass
    os.setresgid(*[one['gid']] * 3)
    os.setresuid(*[one['uid']] * 3)
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    linux.no_capabilities()
    argv = [os.fsencode(word) for word in one['argv']] or [b'']
    shown = name_as(argv, layout)
    os.chdir('/')
    os.dup2(write, 0)
    os.closerange(1, 1 << 20)
    os.close(0)
    while shown:
        signal.pause()


def own_layout():
    """Where the kernel has the parts of this process, and of its forks."""
    with open('/proc/self/stat', encoding='utf-8', errors='replace') as file:
        fields = file.read().rpartition(')')[2].split()
    return [int(fields[number - 3]) for number in STAT_FIELDS]


def name_as(argv, layout):
    """What ps and pgrep show: arguments, and a name made of the first. Answers what has to be kept for it."""
    text = b'\0'.join(argv)[: ARGUMENTS - 1] + b'\0'
    shown = ctypes.create_string_buffer(text, len(text))
    start = ctypes.addressof(shown)
    end = start + len(text)
    *parts, stack = layout
    places = (*parts, linux.program_break(), stack, start, end, end, end, 0)
    linux.prctl_map(struct.pack('12QIi', *places, 0, -1))
    linux.set_name(argv[0].rpartition(b'/')[2][:15])
    return shown
