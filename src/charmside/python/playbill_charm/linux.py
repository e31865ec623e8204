"""The Linux calls that Python's standard library has no function for, through ctypes over libc.

Source: mount(2), umount2(2), open_tree(2), move_mount(2), unshare(2), pivot_root(2), prctl(2),
capset(2).
Not modelled: architectures whose pivot_root is not listed below.
"""

import ctypes
import errno
import os
import platform
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
PR_CAPBSET_DROP = 24
PR_SET_MM = 35
PR_SET_MM_MAP = 14
PR_SET_NO_NEW_PRIVS = 38

# chown, dac_override, fowner, fsetid, kill, setgid, setuid: what a charm run by Juju as root
# makes use of and what reaches nothing outside of the sandbox.
KEPT_CAPABILITIES = (0, 1, 3, 4, 5, 6, 7)
CAP_SETPCAP = 8
CAP_SYS_CHROOT = 18
CAP_SYS_PTRACE = 19
CAP_SYS_ADMIN = 21
_bounding = {'left': set(range(64))}

OPEN_TREE = 428
MOVE_MOUNT = 429
OPEN_TREE_CLONE = 1
AT_EMPTY_PATH = 0x1000
AT_FDCWD = -100

_PIVOT_ROOT = {'x86_64': 155, 'aarch64': 41, 'ppc64le': 203, 's390x': 217, 'riscv64': 41}

_libc = ctypes.CDLL(None, use_errno=True)
_fork = ctypes.PyDLL(None, use_errno=True).fork
_mount = _libc.mount
_mount.argtypes = (
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_ulong,
    ctypes.c_char_p,
)
_umount2 = _libc.umount2
_umount2.argtypes = (ctypes.c_char_p, ctypes.c_int)
_prctl = _libc.prctl
_prctl.argtypes = (ctypes.c_int,) + (ctypes.c_ulong,) * 4
# Looked up here, once, and not in each event's process.
_unshare = _libc.unshare
_unshare.argtypes = (ctypes.c_int,)
_capset = _libc.capset
_capset.argtypes = (ctypes.c_char_p, ctypes.c_char_p)


def _syscall(number, *arguments):
    return _libc.syscall(ctypes.c_long(number), *arguments)


def call(number, *arguments):
    """A system call by its number; raises OSError."""
    plain = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _check(_syscall(number, *plain), f'system call {number}')


def _check(answer, what):
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, f'{what}: {os.strerror(number)}')
    return answer


def mount(source, target, kind=None, flags=0, data=None):
    """One mount(2); raises OSError naming the target."""
    encode = lambda text: None if text is None else os.fsencode(text)
    answer = _mount(encode(source), encode(target), encode(kind), flags, encode(data))
    _check(answer, f'mount {kind or "bind"} on {target}')


def bind(source, target, flags=0):
    mount(source, target, None, MS_BIND | flags)


def bind_open(descriptor, target):
    """Binds what an O_PATH descriptor is of, though no path leads to it any more."""
    flags = OPEN_TREE_CLONE | AT_EMPTY_PATH | os.O_CLOEXEC
    tree = _syscall(OPEN_TREE, ctypes.c_int(descriptor), b'', ctypes.c_uint(flags))
    _check(tree, f'open_tree for {target}')
    try:
        to = os.fsencode(target)
        moved = _syscall(
            MOVE_MOUNT, ctypes.c_int(tree), b'', ctypes.c_int(AT_FDCWD), to, ctypes.c_uint(4)
        )
        _check(moved, f'move_mount on {target}')
    finally:
        os.close(tree)


def bind_read_only(source, target, flags=0):
    """Bind and make read-only; `flags` may add MS_REC, whose sub-mounts are made read-only too."""
    bind(source, target, flags & MS_REC)
    for point in [target, *_below(target)] if flags & MS_REC else [target]:
        remount_read_only(point)


def remount_read_only(target):
    """Read-only, keeping what is locked: an unprivileged remount may not clear nosuid, nodev or
    noexec.
    """
    kept = os.statvfs(target).f_flag
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID
    flags |= MS_NODEV if kept & os.ST_NODEV else 0
    flags |= MS_NOEXEC if kept & os.ST_NOEXEC else 0
    flags |= kept & (os.ST_NOATIME | os.ST_NODIRATIME)
    flags |= (1 << 21) if kept & os.ST_RELATIME else 0
    mount(None, target, None, flags)


def _below(target):
    prefix = os.path.realpath(target) + '/'
    with open('/proc/self/mountinfo', encoding='utf-8', errors='surrogateescape') as lines:
        points = [line.split(' ')[4] for line in lines]
    points = [point.encode().decode('unicode_escape') for point in points]
    return sorted({point for point in points if point.startswith(prefix)})


def unmount(target):
    _check(_umount2(os.fsencode(target), MNT_DETACH), f'unmount {target}')


def unshare(flags):
    _check(_unshare(flags), 'unshare')


def set_hostname(name):
    raw = name.encode()
    _check(_libc.sethostname(ctypes.c_char_p(raw), ctypes.c_size_t(len(raw))), 'sethostname')


def pivot_root(new, old):
    number = _PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f'pivot_root is not known on {platform.machine()}')
    _check(_syscall(number, os.fsencode(new), os.fsencode(old)), 'pivot_root')


def prctl(option, value=0):
    return _check(_prctl(option, value, 0, 0, 0), f'prctl {option}')


def die_with_parent():
    prctl(PR_SET_PDEATHSIG, 9)


def bound_capabilities(kept):
    """Takes all but `kept` out of what this process, or any that it starts, can ever have again."""
    for number in _bounding['left'].copy():
        if number in kept or number == CAP_SETPCAP:
            continue
        if _prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == -1 and ctypes.get_errno() != errno.EINVAL:
            _check(-1, f'dropping capability {number}')
        _bounding['left'].discard(number)
    # The right to drop goes last.
    if CAP_SETPCAP not in kept and CAP_SETPCAP in _bounding['left']:
        prctl(PR_CAPBSET_DROP, CAP_SETPCAP)
        _bounding['left'].discard(CAP_SETPCAP)


def drop_capabilities():
    """Leaves the kept capabilities only, for this process and for whatever it executes."""
    bound_capabilities(KEPT_CAPABILITIES)
    kept = sum(1 << number for number in KEPT_CAPABILITIES)
    header = struct.pack('Ii', 0x20080522, 0)
    low, high = kept & 0xFFFFFFFF, kept >> 32
    _check(_capset(header, struct.pack('6I', low, low, 0, high, high, 0)), 'capset')
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def no_capabilities():
    """Gives up all that this process has now."""
    _check(_capset(struct.pack('Ii', 0x20080522, 0), bytes(24)), 'capset')


def program_break():
    _libc.sbrk.restype = ctypes.c_void_p
    return _libc.sbrk(ctypes.c_ssize_t(0))


def prctl_map(places):
    """Where the kernel is to find this process's arguments, among others (struct prctl_mm_map)."""
    told = ctypes.create_string_buffer(places, len(places))
    at = ctypes.addressof(told)
    _check(_prctl(PR_SET_MM, PR_SET_MM_MAP, at, len(places), 0), 'prctl PR_SET_MM_MAP')


def set_name(name):
    told = ctypes.create_string_buffer(name)
    prctl(PR_SET_NAME, ctypes.addressof(told))


def give_up_capabilities():
    """All of them, which anybody may; with no new privileges they do not come back."""
    _check(_capset(struct.pack('Ii', 0x20080522, 0), bytes(24)), 'capset')


def fork():
    """fork(2) alone. What Python and its libraries have registered for forks is not run: it makes
    locks anew that no other thread can hold here, and an interpreter that has started never ran it.
    """
    return _check(_fork(), 'fork')


def fix_addresses():
    """Turns off the randomising of address space layout for whatever is executed from here on."""
    _libc.personality(ctypes.c_ulong(0x0040000))


def loopback_up():
    """Brings `lo` up in this network namespace; nothing else is in it."""
    import fcntl
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack('16sh', b'lo', 0x1 | 0x40)
        fcntl.ioctl(any_socket, 0x8914, request)
