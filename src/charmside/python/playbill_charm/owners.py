"""Whom files of a machine belong to, as a State says it: names that every Ubuntu has under the same
number, numbers for all others.

Source: Debian's base-passwd (passwd.master, group.master), which gives these out for good.
Where only one id is mapped into the sandbox, an owner is recorded beside the file instead, and what a device
is wherever.
"""

import errno
import os

from .places import HOST_USR, ROOT

# An attribute cannot be set on a link: those are root's where only one id is mapped.
RECORDED = 'user.playbill.owner'
DEVICE = 'user.playbill.device'
# Off where all ids that matter are mapped.
RECORDING = {'on': True}
USERS = {
    'root': 0,
    'daemon': 1,
    'bin': 2,
    'sys': 3,
    'sync': 4,
    'games': 5,
    'man': 6,
    'lp': 7,
    'mail': 8,
    'news': 9,
    'uucp': 10,
    'proxy': 13,
    'www-data': 33,
    'backup': 34,
    'list': 38,
    'irc': 39,
    'nobody': 65534,
}
GROUPS = {
    'root': 0,
    'daemon': 1,
    'bin': 2,
    'sys': 3,
    'adm': 4,
    'tty': 5,
    'disk': 6,
    'lp': 7,
    'mail': 8,
    'news': 9,
    'uucp': 10,
    'man': 12,
    'proxy': 13,
    'kmem': 15,
    'dialout': 20,
    'fax': 21,
    'voice': 22,
    'cdrom': 24,
    'floppy': 25,
    'tape': 26,
    'sudo': 27,
    'audio': 29,
    'dip': 30,
    'www-data': 33,
    'backup': 34,
    'operator': 37,
    'list': 38,
    'irc': 39,
    'src': 40,
    'shadow': 42,
    'utmp': 43,
    'video': 44,
    'sasl': 45,
    'plugdev': 46,
    'staff': 50,
    'games': 60,
    'users': 100,
    'nogroup': 65534,
}
_user_names = {number: name for name, number in USERS.items()}
_group_names = {number: name for name, number in GROUPS.items()}


def number_of(name, table):
    return int(name) if name.isdigit() else table[name]


def own(path, change):
    """Gives `path` to whom the change says, really or on record."""
    uid = number_of(change.get('user', 'root'), USERS)
    gid = number_of(change.get('group', 'root'), GROUPS)
    if uid or gid:
        give(path, uid, gid)


def give(path, uid, gid):
    try:
        os.lchown(path, uid, gid)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EPERM, errno.EOVERFLOW):
            raise
        record(path, uid, gid)


def record(path, uid, gid):
    if not os.path.islink(path):
        os.setxattr(path, RECORDED, f'{uid}:{gid}'.encode())


def ids_of(path, status, follow=False):
    """The owner's numbers; `status` is the file's own. What is of the host is root's."""
    if path.startswith(HOST_USR):
        return 0, 0
    if not RECORDING['on']:
        return status.st_uid, status.st_gid
    try:
        text = os.getxattr(path, RECORDED, follow_symlinks=follow).decode('ascii')
        uid, _, gid = text.partition(':')
        return int(uid), int(gid)
    except (OSError, ValueError):
        # Without a sandbox all files are whoever's that started it, which stands for root.
        return (0, 0) if ROOT else (status.st_uid, status.st_gid)


def device_of(path):
    """What device a file stands for, as in `c 1 3`."""
    try:
        return os.getxattr(path, DEVICE, follow_symlinks=False).decode('ascii')
    except OSError:
        return None


def named(ids):
    """The members of a change that say whom it belongs to; none where that is root."""
    uid, gid = ids
    return {
        **({'user': _user_names.get(uid, str(uid))} if uid else {}),
        **({'group': _group_names.get(gid, str(gid))} if gid else {}),
    }
