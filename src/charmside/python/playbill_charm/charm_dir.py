"""The charm directory of one event: a layer over the charm's files, filled before and gathered
after.

Where the kernel has no layers for an ordinary user (user.* attributes on tmpfs are Linux 6.6's),
the lower rung is a copy of the charm's files for each event, compared with them afterwards.

A change is {kind: file|link|dir|removed, mode, data (base64) | target, user, group}, by path. Whiteouts are
character devices 0:0, a folder that hides the one below carries user.overlay.opaque.
Source: kernel Documentation/filesystems/overlayfs.rst.
Not modelled: sockets, pipes and hard links left in the charm directory; renaming a folder that is
the charm's own answers EXDEV, as overlays do (mv and shutil.move copy instead).
"""

import base64
import os
import shutil
import stat

from . import linux, owners


class TooLarge(Exception):
    """The charm left more behind than its limit allows."""


class Budget:
    """Bytes that an event may leave behind, in all its folders together."""

    def __init__(self, limit):
        self.left = limit

    def spend(self, size):
        # Every entry costs something, so that a million empty files is too much as well.
        self.left -= size + 512
        if self.left < 0:
            raise TooLarge()


def mount_layers(lower, upper, work, target):
    options = f'lowerdir={lower},upperdir={upper},workdir={work},userxattr'
    linux.mount('overlay', target, 'overlay', linux.MS_NOSUID | linux.MS_NODEV, options)


def fill(upper, lower, changes):
    """Writes changes, parents first, into an empty upper layer."""
    for path in sorted(changes):
        change, target = changes[path], os.path.join(upper, path)
        make_parents(upper, lower, path)
        if change['kind'] == 'removed':
            os.mknod(target, stat.S_IFCHR, 0)
        elif change['kind'] == 'link':
            os.symlink(change['target'], target)
            owners.own(target, change)
        else:
            if change['kind'] == 'dir':
                os.makedirs(target, exist_ok=True)
            else:
                with open(target, 'wb') as file:
                    file.write(base64.b64decode(change['data']))
            owners.own(target, change)
            os.chmod(target, change['mode'])


def has_layers(folder):
    """Whether a layer on this folder's file system can say all that it has to."""
    try:
        os.setxattr(folder, 'user.overlay.probe', b'y')
    except OSError:
        return False
    os.removexattr(folder, 'user.overlay.probe')
    return True


def fill_copy(copy, lower, changes):
    """The charm's files and the changes, in one folder."""
    shutil.copytree(lower, copy, symlinks=True, dirs_exist_ok=True)
    for path in sorted(changes):
        target = os.path.join(copy, path)
        here = os.path.lexists(target)
        if here and not (changes[path]['kind'] == 'dir' and is_folder(target)):
            remove(target)
    fill(
        copy,
        lower,
        {path: change for path, change in changes.items() if change['kind'] != 'removed'},
    )


def remove(target):
    shutil.rmtree(target) if is_folder(target) else os.unlink(target)


def gather_copy(copy, lower, budget):
    """All changes of a copy against `lower`, as `gather` gives them."""
    into = {'changes': {}, 'budget': budget}
    compare_folder(copy, lower, '', into)
    return into['changes']


def compare_folder(copy, lower, path, into):
    here, below = os.path.join(copy, path), os.path.join(lower, path)
    names = set(os.listdir(here))
    for name in set(os.listdir(below)) - names if is_folder(below) else ():
        into['changes'][os.path.join(path, name)] = {'kind': 'removed'}
    for name in sorted(names):
        entry = os.path.join(path, name)
        if not is_folder(os.path.join(copy, entry)):
            if differs(os.path.join(copy, entry), os.path.join(lower, entry)):
                gather_entry(copy, lower, entry, into)
            continue
        status = os.lstat(os.path.join(copy, entry))
        below_entry = os.path.join(lower, entry)
        found = (os.path.join(copy, entry), status)
        if not (is_folder(below_entry) and same_mode(found, below_entry)):
            into['changes'][entry] = told('dir', found)
        compare_folder(copy, lower, entry, into)


def differs(here, below):
    """False when nothing has touched the file since it was copied: copies keep their time."""
    try:
        one, other = os.lstat(here), os.lstat(below)
    except FileNotFoundError:
        return True
    if (one.st_mode, one.st_size, one.st_mtime_ns) != (
        other.st_mode,
        other.st_size,
        other.st_mtime_ns,
    ):
        return True
    return owners.ids_of(here, one) != owners.ids_of(below, other)


def make_parents(upper, lower, path):
    parent = os.path.dirname(path)
    if parent and not os.path.isdir(os.path.join(upper, parent)):
        make_parents(upper, lower, parent)
        os.mkdir(os.path.join(upper, parent))
        below = os.path.join(lower, parent)
        if os.path.isdir(below):
            os.chmod(os.path.join(upper, parent), stat.S_IMODE(os.lstat(below).st_mode))


def gather(upper, lower, budget):
    """All changes against `lower`; raises TooLarge when their contents exceed the budget."""
    changes = {}
    gather_folder(upper, lower, '', {'changes': changes, 'budget': budget})
    return changes


def gather_folder(upper, lower, path, into):
    here, below = os.path.join(upper, path), os.path.join(lower, path)
    names = sorted(os.listdir(here))
    if is_opaque(here) and is_folder(below):
        hidden = [name for name in os.listdir(below) if name not in names]
        for name in hidden:
            into['changes'][os.path.join(path, name)] = {'kind': 'removed'}
    for name in names:
        gather_entry(upper, lower, os.path.join(path, name), into)


def gather_entry(upper, lower, path, into):
    here, below = os.path.join(upper, path), os.path.join(lower, path)
    status = os.lstat(here)
    if stat.S_ISDIR(status.st_mode):
        if not (is_folder(below) and same_mode((here, status), below)):
            into['changes'][path] = told('dir', (here, status))
        gather_folder(upper, lower, path, into)
    elif stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
        into['changes'][path] = {'kind': 'removed'}
    elif stat.S_ISLNK(status.st_mode):
        gather_link(here, below, path, into)
    elif stat.S_ISREG(status.st_mode):
        gather_file(here, below, path, into)


def gather_link(here, below, path, into):
    target = os.readlink(here)
    into['budget'].spend(len(target))
    if not (os.path.islink(below) and os.readlink(below) == target):
        found = (here, os.lstat(here))
        into['changes'][path] = {**told('link', found), 'mode': 0o777, 'target': target}


def gather_file(here, below, path, into):
    status = os.lstat(here)
    # A file with holes is as large as it says once it is read.
    into['budget'].spend(status.st_size)
    with open(here, 'rb') as file:
        data = file.read()
    if os.path.isfile(below) and not os.path.islink(below) and same_mode((here, status), below):
        with open(below, 'rb') as file:
            if file.read() == data:
                return
    text = base64.b64encode(data).decode('ascii')
    into['changes'][path] = {**told('file', (here, status)), 'data': text}


def told(kind, found):
    mode = stat.S_IMODE(found[1].st_mode)
    return {'kind': kind, 'mode': mode, **owners.named(owners.ids_of(*found))}


def same_mode(found, below):
    """Mode and owner."""
    status, other = found[1], os.lstat(below)
    if stat.S_IMODE(status.st_mode) != stat.S_IMODE(other.st_mode):
        return False
    return owners.ids_of(*found) == owners.ids_of(below, other)


def is_folder(path):
    return os.path.isdir(path) and not os.path.islink(path)


def is_opaque(path):
    try:
        return os.getxattr(path, 'user.overlay.opaque') == b'y'
    except OSError:
        return False
