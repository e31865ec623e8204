"""Answers calls that the kernel refuses to a sandbox's root, as a machine's root would have them answered:
device nodes always; other owners and becoming another user where only one id is mapped.

What was asked for is put on record beside the file, as attributes that State is made from. The server does
this while the caller waits.
Source: chown(2), mknod(2), setuid(2), setgroups(2), path_resolution(7).
Not modelled: owners of links, and stat(2) telling of a recorded owner; a device does nothing.
"""

import ctypes
import errno
import os
import stat
import struct

from . import owners, seccomp
from .linux import call

NO_MAGICLINKS = 2
AT_FDCWD = -100
AT_SYMLINK_NOFOLLOW = 0x100
AT_EMPTY_PATH = 0x1000
UNCHANGED = 0xFFFFFFFF
_names = {number: name for name, number in seccomp.KNOWN.items()}


def wanted(single, signals=False):
    """The calls to be handed over, or None where this machine has no way to."""
    if not seccomp.KNOWN:
        return None
    more = seccomp.SIGNALS if signals else ()
    return seccomp.Filter((*seccomp.NODES, *(seccomp.OWNERS if single else ()), *more))


def answer_one(listener, signals):
    try:
        asked = seccomp.HandedOver(listener)
    except OSError:
        return
    try:
        name = _names.get(asked.number, '')
        if 'chown' in name:
            answer_owner(asked, name)
        elif name in seccomp.NODES:
            answer_node(asked, name)
        elif name in seccomp.SIGNALS:
            signals.take(asked, name)
        else:
            asked.answer()
    except OSError as error:
        asked.answer(error.errno or errno.EPERM)


def signed(value):
    return ctypes.c_int(value & 0xFFFFFFFF).value


def text_at(asked, address):
    with open(f'/proc/{asked.pid}/mem', 'rb', buffering=0) as memory:
        memory.seek(address)
        # Up to the page's end at a time, as the next may not be there.
        data = b''
        while b'\0' not in data:
            part = memory.read(4096 - (address + len(data)) % 4096)
            data += part
            if not part or len(data) > 8192:
                raise OSError(errno.ENAMETOOLONG, 'too long')
    return data.split(b'\0', 1)[0]


def open_path(asked, place, flags):
    """An O_PATH descriptor of a file as the caller names it: never by way of a descriptor of ours."""
    folder, path = place
    base = None
    if not path.startswith(b'/'):
        of = 'cwd' if signed(folder) == AT_FDCWD else f'fd/{signed(folder)}'
        base = os.open(f'/proc/{asked.pid}/{of}', os.O_PATH)
        if not path:
            return base
    how = struct.pack('QQQ', os.O_PATH | os.O_CLOEXEC | flags, 0, NO_MAGICLINKS)
    try:
        at = AT_FDCWD if base is None else base
        return call(seccomp.KNOWN['openat2'], at, path, how, len(how))
    finally:
        if base is not None:
            os.close(base)


def answer_owner(asked, name, check=None):
    one, two, three, four, five, _ = asked.arguments
    if name == 'fchown':
        place, flags, ids = (one, b''), 0, (two, three)
    elif name == 'fchownat':
        path = text_at(asked, two)
        place, ids = (one, path), (three, four)
        flags = os.O_NOFOLLOW if five & AT_SYMLINK_NOFOLLOW else 0
        if not path and not five & AT_EMPTY_PATH:
            raise OSError(errno.ENOENT, 'no path')
    else:
        place, ids = (AT_FDCWD, text_at(asked, one)), (two, three)
        flags = os.O_NOFOLLOW if name == 'lchown' else 0
    file = open_path(asked, place, flags)
    try:
        here = os.readlink(f'/proc/self/fd/{file}')
        if check and here.startswith('/'):
            check(here)
        if asked.is_there():
            set_owner(f'/proc/self/fd/{file}', [part & 0xFFFFFFFF for part in ids])
    finally:
        os.close(file)
    asked.answer()


def set_owner(path, ids):
    status = os.stat(path)
    if stat.S_ISLNK(status.st_mode):
        return
    now = owners.ids_of(path, status, follow=True)
    uid, gid = (old if new == UNCHANGED else new for old, new in zip(now, ids))
    if (uid, gid) != now:
        # As chown(2) does to what is executed.
        if stat.S_ISREG(status.st_mode) and status.st_mode & 0o6000:
            os.chmod(path, stat.S_IMODE(status.st_mode) & ~0o6000)
        os.setxattr(path, owners.RECORDED, f'{uid}:{gid}'.encode())


def answer_node(asked, name):
    one, two, three, four, _, _ = asked.arguments
    if name == 'mknod':
        folder, path, mode, device = AT_FDCWD, text_at(asked, one), two, three
    else:
        folder, path, mode, device = one, text_at(asked, two), three, four
    uid, umask = caller(asked.pid)
    if uid != 0:
        asked.go_on()
        return
    above, _, last = path.rstrip(b'/').rpartition(b'/')
    if not last or (device & 0xFFFFFFFF) == 0:
        raise OSError(errno.EPERM, 'a whiteout')
    parent = open_path(asked, (folder, above or (b'/' if path.startswith(b'/') else b'.')), 0)
    try:
        if asked.is_there():
            make_node(parent, last, (mode & ~umask, device))
    finally:
        os.close(parent)
    asked.answer()


def make_node(parent, name, what):
    mode, device = what
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    file = os.open(name, flags, 0o600, dir_fd=parent)
    try:
        kind = 'c' if stat.S_ISCHR(mode) else 'b'
        told = f'{kind} {os.major(device)} {os.minor(device)}'
        os.setxattr(file, owners.DEVICE, told.encode())
        os.fchmod(file, stat.S_IMODE(mode))
    finally:
        os.close(file)


def caller(pid):
    """Who a process acts as, and its umask."""
    with open(f'/proc/{pid}/status', encoding='utf-8', errors='replace') as file:
        rows = dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)
    return int(rows['Uid'].split()[1]), int(rows.get('Umask', '0'), 8)
