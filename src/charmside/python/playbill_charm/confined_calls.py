"""The calls of a confined charm that are handed over, and those that are refused without asking.

Landlock knows nothing of modes, owners and times, nor whom a socket is connected to: these are done here, on a
descriptor of what was looked at, so that nothing can be put in its place. What Landlock does know goes on to the
kernel once its path was seen.
Source: seccomp(2), seccomp_unotify(2), linux/filter.h; arch/*/syscall.tbl for the numbers.
Not modelled: programs of another architecture than the kernel's own, which are ended.
"""

import ctypes
import errno
import os
import platform
import socket
import stat
import struct

from . import answers, bare, seccomp
from .landlock import SCOPE_SINCE
from .linux import call

# name: (x86_64, aarch64).
NUMBERS = {
    'open': (2, None), 'creat': (85, None), 'openat': (257, 56), 'openat2': (437, 437),
    'truncate': (76, 45), 'mkdir': (83, None), 'mkdirat': (258, 34), 'rmdir': (84, None),
    'unlink': (87, None), 'unlinkat': (263, 35), 'rename': (82, None), 'renameat': (264, 38),
    'renameat2': (316, 276), 'link': (86, None), 'linkat': (265, 37), 'symlink': (88, None),
    'symlinkat': (266, 36), 'mknod': (133, None), 'mknodat': (259, 33), 'chmod': (90, None),
    'fchmod': (91, 52), 'fchmodat': (268, 53), 'fchmodat2': (452, 452), 'chown': (92, None),
    'fchown': (93, 55), 'lchown': (94, None), 'fchownat': (260, 54), 'utimensat': (280, 88),
    'fork': (57, None), 'vfork': (58, None), 'clone': (56, 220), 'clone3': (435, 435),
    'connect': (42, 203), 'socket': (41, 198), 'socketpair': (53, 199), 'kill': (62, 129),
    'tkill': (200, 130), 'tgkill': (234, 131), 'utime': (132, None), 'utimes': (235, None),
    'futimesat': (261, None), 'setxattr': (188, 5), 'lsetxattr': (189, 6), 'fsetxattr': (190, 7),
    'removexattr': (197, 14), 'lremovexattr': (198, 15), 'fremovexattr': (199, 16),
    'setxattrat': (463, 463), 'removexattrat': (466, 466), 'file_setattr': (469, 469),
    'shmget': (29, 194), 'shmat': (30, 196), 'semget': (64, 190), 'msgget': (68, 186),
    'mq_open': (240, 180), 'keyctl': (250, 219), 'add_key': (248, 217), 'request_key': (249, 218),
    'io_uring_setup': (425, 425), 'bpf': (321, 280), 'perf_event_open': (298, 241),
    'userfaultfd': (323, 282), 'setns': (308, 268), 'unshare': (272, 97), 'prlimit64': (302, 261),
    'pidfd_send_signal': (424, 424), 'rt_sigqueueinfo': (129, 138), 'rt_tgsigqueueinfo': (297, 240),
    'setpriority': (141, 140), 'sched_setaffinity': (203, 122), 'sched_setscheduler': (144, 119),
    'ioprio_set': (251, 30), 'setuid': (105, 146), 'setgid': (106, 144), 'setreuid': (113, 145),
    'setregid': (114, 143), 'setgroups': (116, 159), 'setresuid': (117, 147),
    'setresgid': (119, 149), 'setfsuid': (122, 151), 'setfsgid': (123, 152),
}  # fmt: skip
_column = {'x86_64': 0, 'aarch64': 1}.get(platform.machine())
KNOWN = (
    {}
    if _column is None
    else {name: row[_column] for name, row in NUMBERS.items() if row[_column] is not None}
)
_names = {number: name for name, number in KNOWN.items()}

# Which arguments are a folder's descriptor and a path, of each thing that is changed.
PLACES = {
    'open': ((None, 0),), 'creat': ((None, 0),), 'openat': ((0, 1),), 'openat2': ((0, 1),),
    'truncate': ((None, 0),), 'mkdir': ((None, 0),), 'mkdirat': ((0, 1),), 'rmdir': ((None, 0),),
    'unlink': ((None, 0),), 'unlinkat': ((0, 1),), 'rename': ((None, 0), (None, 1)),
    'renameat': ((0, 1), (2, 3)), 'renameat2': ((0, 1), (2, 3)), 'link': ((None, 1),),
    'linkat': ((2, 3),), 'symlink': ((None, 1),), 'symlinkat': ((1, 2),), 'mknod': ((None, 0),),
    'mknodat': ((0, 1),),
}  # fmt: skip
FOLLOWING = ('open', 'creat', 'openat', 'openat2', 'truncate')
# It is an error for these that something is there already; for those, that nothing is.
MAKING = ('mkdir', 'mkdirat', 'link', 'linkat', 'symlink', 'symlinkat', 'mknod', 'mknodat')
REMOVING = ('rmdir', 'unlink', 'unlinkat', 'rename', 'renameat', 'renameat2')
# Where the flags of an open are.
OPENING = {'open': 1, 'openat': 2}
CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
SIGNALS = ('kill', 'tkill', 'tgkill')
FORKS = ('fork', 'vfork', 'clone', 'clone3')
BECOMING = (
    *('setuid', 'setgid', 'setreuid', 'setregid', 'setgroups', 'setresuid', 'setresgid'),
    *('setfsuid', 'setfsgid'),
)
DONE_HERE = (
    *('chmod', 'fchmod', 'fchmodat', 'fchmodat2', 'chown', 'fchown', 'lchown', 'fchownat'),
    *('utimensat', 'connect'),
    *BECOMING,
)
REFUSED = {
    errno.EOPNOTSUPP: (
        *('setxattr', 'lsetxattr', 'fsetxattr', 'removexattr', 'lremovexattr', 'fremovexattr'),
        *('setxattrat', 'removexattrat', 'file_setattr'),
    ),
    errno.ENOSYS: ('io_uring_setup', 'keyctl', 'add_key', 'request_key', 'userfaultfd'),
    errno.EPERM: (
        *('shmget', 'shmat', 'semget', 'msgget', 'mq_open', 'bpf', 'perf_event_open', 'setns'),
        *('unshare', 'utime', 'utimes', 'futimesat', 'rt_sigqueueinfo', 'rt_tgsigqueueinfo'),
        *('pidfd_send_signal', 'ioprio_set'),
    ),
}
# Of itself, as 0; of others, refused.
OWN_ONLY = {'prlimit64': 0, 'sched_setaffinity': 0, 'sched_setscheduler': 0, 'setpriority': 1}

ALLOW, HAND_OVER, KILL, ERROR = 0x7FFF0000, 0x7FC00000, 0x80000000, 0x00050000
# BPF: load a word, jump if equal, if at least, if any bit is set, AND, return.
LOAD, EQUAL, LEAST, ANY, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
OTHER_TABLE = 0x40000000


def argument(index):
    return (LOAD, 0, 0, 16 + 8 * index)


def steps_for(name):
    """What becomes of a call; each way ends in a return."""
    if name in OPENING:
        return [
            argument(OPENING[name]),
            (ANY, 0, 1, CHANGES),
            (RETURN, 0, 0, HAND_OVER),
            (RETURN, 0, 0, ALLOW),
        ]
    if name in ('socket', 'socketpair'):
        # Of files only, and with a connection.
        return [
            argument(0),
            (EQUAL, 0, 4, socket.AF_UNIX),
            argument(1),
            (AND, 0, 0, 0xF),
            (EQUAL, 2, 0, socket.SOCK_STREAM),
            (EQUAL, 1, 0, socket.SOCK_SEQPACKET),
            (RETURN, 0, 0, ERROR | errno.EACCES),
            (RETURN, 0, 0, ALLOW),
        ]
    if name in OWN_ONLY:
        refuse = (RETURN, 0, 0, ERROR | errno.EPERM)
        return [argument(OWN_ONLY[name]), (EQUAL, 0, 1, 0), (RETURN, 0, 0, ALLOW), refuse]
    return [(RETURN, 0, 0, HAND_OVER)]


class Filter(seccomp.Filter):
    def __init__(self, landlock):
        steps = [
            (LOAD, 0, 0, 4),
            (EQUAL, 1, 0, seccomp.KNOWN['arch']),
            (RETURN, 0, 0, KILL),
            (LOAD, 0, 0, 0),
            (LEAST, 0, 1, OTHER_TABLE),
            (RETURN, 0, 0, ERROR | errno.EPERM),
        ]
        refused = {name: error for error, names in REFUSED.items() for name in names}
        signals = () if landlock >= SCOPE_SINCE else SIGNALS
        for name in (*refused, *FORKS, *PLACES, *DONE_HERE, *OWN_ONLY, 'socket', 'socketpair', *signals):
            if name in KNOWN:
                error = refused.get(name)
                block = steps_for(name) if error is None else [(RETURN, 0, 0, ERROR | error)]
                steps += [(EQUAL, 0, len(block), KNOWN[name]), *block]
        steps.append((RETURN, 0, 0, ALLOW))
        code = b''.join(struct.pack('HBBI', *step) for step in steps)
        self.code = ctypes.create_string_buffer(code, len(code))
        self.program = struct.pack('HxxxxxxP', len(steps), ctypes.addressof(self.code))


def answer(asked, confinement):
    """Does it, lets it go on or refuses it; raises what confinement.check does."""
    name = _names.get(asked.number, '')
    if name in PLACES:
        for path in changed_by(asked, name):
            confinement.check(path)
        asked.go_on()
    elif name in FORKS:
        confinement.one_more()
        asked.go_on()
    elif name in SIGNALS:
        answer_signal(asked)
    elif name == 'connect':
        answer_connect(asked, confinement)
    elif 'chown' in name:
        answers.answer_owner(asked, name, confinement.check)
    elif name in BECOMING:
        asked.answer()
    else:
        answer_attributes(asked, name, confinement)


def changed_by(asked, name):
    """Paths on the host, links followed; none of what the kernel will refuse in any case, or not change."""
    if name == 'openat2' and not changes_by(asked):
        return
    for folder, path in PLACES[name]:
        base = answers.AT_FDCWD if folder is None else asked.arguments[folder]
        try:
            found = place_of(asked, (base, answers.text_at(asked, asked.arguments[path])), name)
        except OSError:
            continue
        if found is not None:
            yield found


def changes_by(asked):
    with open(f'/proc/{asked.pid}/mem', 'rb', buffering=0) as memory:
        memory.seek(asked.arguments[2])
        return struct.unpack('Q', memory.read(8))[0] & CHANGES


def place_of(asked, place, name):
    if name in FOLLOWING:
        try:
            return real_path(answers.open_path(asked, place, 0))
        except FileNotFoundError:
            pass
    folder, path = place
    above, _, last = path.rstrip(b'/').rpartition(b'/')
    above = above or (b'/' if path.startswith(b'/') else b'.')
    parent = answers.open_path(asked, (folder, above), 0)
    try:
        there = is_there(parent, last)
        if there if name in MAKING else (not there and name in REMOVING):
            return None
        return os.path.join(os.readlink(f'/proc/self/fd/{parent}'), os.fsdecode(last))
    finally:
        os.close(parent)


def is_there(folder, name):
    try:
        os.lstat(name, dir_fd=folder)
    except OSError:
        return False
    return True


def real_path(file):
    try:
        return os.readlink(f'/proc/self/fd/{file}')
    finally:
        os.close(file)


def answer_attributes(asked, name, confinement):
    one, two, three, four, _, _ = asked.arguments
    flags = os.O_NOFOLLOW if four & answers.AT_SYMLINK_NOFOLLOW and name in ('utimensat', 'fchmodat2') else 0
    if name == 'fchmod':
        place, value = (one, b''), two
    elif name == 'chmod':
        place, value = (answers.AT_FDCWD, answers.text_at(asked, one)), two
    else:
        place, value = (one, answers.text_at(asked, two) if two else b''), three
    file = answers.open_path(asked, place, flags)
    try:
        path = f'/proc/self/fd/{file}'
        here = os.readlink(path)
        if not here.startswith('/'):
            # A pipe or a socket: nobody else's.
            asked.go_on()
            return
        confinement.check(here)
        times = times_at(asked, value) if name == 'utimensat' else None
        if not asked.is_there():
            return
        if stat.S_ISLNK(os.fstat(file).st_mode):
            pass
        elif name == 'utimensat':
            call(KNOWN[name], answers.AT_FDCWD, path.encode(), times or 0, 0)
        else:
            os.chmod(path, value & 0o7777)
    finally:
        os.close(file)
    asked.answer()


def times_at(asked, address):
    if not address:
        return None
    with open(f'/proc/{asked.pid}/mem', 'rb', buffering=0) as memory:
        memory.seek(address)
        return memory.read(32)


def answer_connect(asked, confinement):
    """Connects the caller's own socket to a socket that is the charm's or the engine's."""
    file, address, length = asked.arguments[:3]
    with open(f'/proc/{asked.pid}/mem', 'rb', buffering=0) as memory:
        memory.seek(address)
        data = memory.read(min(length, 110))
    path = data[2:].split(b'\0', 1)[0]
    if struct.unpack('=H', data[:2])[0] != socket.AF_UNIX or not path:
        raise OSError(errno.EACCES, 'no socket of a file')
    found = answers.open_path(asked, (answers.AT_FDCWD, path), 0)
    try:
        if not confinement.may_connect(os.readlink(f'/proc/self/fd/{found}')):
            raise OSError(errno.EACCES, 'a socket of the host')
        with socket.socket(fileno=descriptor_of(asked, file)) as its:
            its.connect(f'/proc/self/fd/{found}')
    finally:
        os.close(found)
    asked.answer()


GET_DESCRIPTOR = 438


def descriptor_of(asked, file):
    process = os.pidfd_open(process_of(asked.pid))
    try:
        return call(GET_DESCRIPTOR, process, file & 0xFFFFFFFF, 0)
    finally:
        os.close(process)


def process_of(thread):
    with open(f'/proc/{thread}/status', encoding='utf-8', errors='replace') as file:
        rows = dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)
    return int(rows['Tgid'])


def is_of_event(thread):
    try:
        return str(process_of(thread)) in bare.descendants()
    except OSError:
        return False


def answer_signal(asked):
    """To processes of the event only, where the kernel cannot see to it."""
    target = answers.signed(asked.arguments[0])
    if target == 0 or (target != -1 and is_of_event(abs(target))):
        asked.go_on()
    else:
        raise OSError(errno.EPERM, 'a process of the host')
