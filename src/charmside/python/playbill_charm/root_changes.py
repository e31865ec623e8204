"""Changes of a machine's root as a layer, and a layer as changes.

A layer is a folder with two others in it: `usr`, which lies over the host's, and `root`, which is all
else. A change is {kind: file|link|dir|removed, mode, data (base64) | target, user, group}, by path;
`below` says that a path is as in the base again.
Not modelled: pipes and sockets, which an event leaves behind for nobody; extended attributes; hard links.
"""

import base64
import filecmp
import os
import shutil
import stat

from . import owners
from .layer_stack import is_opaque, is_whiteout

PARTS = ('root', 'usr')


def split(path):
    """The part of a layer that has a path, and the path there."""
    return ('usr', path[4:]) if path.startswith('usr/') else ('root', path)


def make_layer(folder):
    for part in PARTS:
        os.makedirs(f'{folder}/{part}')


def fill(folder, changes, below):
    """Writes changes into a layer; `below` is by part what it will lie on, nothing for a whole copy."""
    for path in sorted(changes):
        part, rest = split(path)
        if rest and part in below:
            fill_entry(f'{folder}/{part}', rest, (changes[path], below[part]))


def fill_entry(folder, path, what):
    change, below = what
    target = os.path.join(folder, path)
    make_parents(folder, path, below)
    if change['kind'] != 'dir' or os.path.islink(target) or os.path.isfile(target):
        remove(target)
    if change['kind'] == 'removed':
        if below is not None:
            os.mknod(target, stat.S_IFCHR, 0)
        return
    if change['kind'] == 'link':
        os.symlink(change['target'], target)
    elif change['kind'] == 'dir':
        os.makedirs(target, exist_ok=True)
    else:
        with open(target, 'wb') as file:
            file.write(base64.b64decode(change['data']))
        if 'device' in change:
            os.setxattr(target, owners.DEVICE, change['device'].encode())
    owners.own(target, change)
    if change['kind'] != 'link':
        os.chmod(target, change['mode'])
    if 'modified' in change:
        touch(target, change['modified'])


def touch(path, milliseconds):
    at = int(milliseconds) * 1_000_000
    os.utime(path, ns=(at, at), follow_symlinks=False)


def forget_folder(layer, path):
    """Takes an empty folder out of a layer; one that holds something by now is the machine's."""
    try:
        os.rmdir('/'.join((layer, *split(path))))
    except OSError:
        return


def make_parents(folder, path, below):
    """The folders above, as they are below: a layer's own folder hides their mode and owner."""
    parent = os.path.dirname(path)
    here = os.path.join(folder, parent)
    if not parent or os.path.isdir(here):
        return
    make_parents(folder, parent, below)
    os.mkdir(here)
    found = below and below.find(parent)
    if found is not None and stat.S_ISDIR(found[1].st_mode):
        owners.give(here, *owners.ids_of(*found))
        os.chmod(here, stat.S_IMODE(found[1].st_mode))


class Gathering:
    """One part of an upper layer against the layers under it, and against the base alone. A copy is a layer
    that hides all that is under it.
    """

    def __init__(self, upper, stacks, into, copied=False):
        self.upper = upper
        self.copied = copied
        self.below, self.base = stacks
        self.prefix, self.changes, self.budget, self.now = into

    def all(self):
        self.folder('')
        return self.changes

    def folder(self, path):
        here = os.path.join(self.upper, path)
        names = sorted(os.listdir(here))
        hidden = set()
        if self.copied or (path and is_opaque(here)):
            hidden = self.below.names(path) - set(names)
            if self.below.find(path) is None:
                hidden |= self.base.names(path) - set(names)
        for name in hidden:
            self.removed(os.path.join(path, name))
        for name in names:
            self.entry(os.path.join(path, name))

    def entry(self, path):
        here = os.path.join(self.upper, path)
        status = os.lstat(here)
        if stat.S_ISDIR(status.st_mode):
            self.directory(path, (here, status))
            self.folder(path)
        elif is_whiteout(status):
            self.removed(path)
        elif stat.S_ISLNK(status.st_mode) or stat.S_ISREG(status.st_mode):
            self.file(path, (here, status))
        else:
            # Nobody will be at its other end any more.
            os.unlink(here)
            if self.below.find(path) is not None:
                self.removed(path)
                if not self.copied:
                    os.mknod(here, stat.S_IFCHR, 0)

    def removed(self, path):
        self.budget.spend(0)
        known = self.base.find(path) is not None
        self.put(path, {'kind': 'removed' if known else 'below'})

    def directory(self, path, found):
        below = self.below.find(path)
        if same(found, below):
            return
        self.budget.spend(0)
        back = below is not None and same(found, self.base.find(path))
        self.put(path, {'kind': 'below'} if back else described(found))

    def file(self, path, found):
        if same(found, self.below.find(path)):
            # Opened for writing or touched, no more: to the next event it is the one below.
            if not self.copied:
                os.unlink(found[0])
            return
        touch(found[0], self.now)
        if same(found, self.base.find(path)):
            self.put(path, {'kind': 'below'})
            return
        self.budget.spend(max(found[1].st_size, 0))
        self.put(path, {**described(found), **contents(found)})

    def put(self, path, change):
        self.changes[self.prefix + path] = change


def described(found):
    status = found[1]
    kind = 'dir' if stat.S_ISDIR(status.st_mode) else 'link' if is_link(status) else 'file'
    mode = 0o777 if kind == 'link' else stat.S_IMODE(status.st_mode)
    return {'kind': kind, 'mode': mode, **owners.named(owners.ids_of(*found))}


def is_link(status):
    return stat.S_ISLNK(status.st_mode)


def contents(found):
    if is_link(found[1]):
        return {'target': os.readlink(found[0])}
    device = owners.device_of(found[0])
    with open(found[0], 'rb') as file:
        data = base64.b64encode(file.read()).decode('ascii')
    return {'data': data, **({'device': device} if device else {})}


def same(found, other):
    """Whether two entries mean the same; folders by what they are, not by what is in them."""
    if found is None or other is None:
        return found is other
    (here, status), (there, below) = found, other
    if is_link(status):
        return is_link(below) and os.readlink(here) == os.readlink(there) and same_owner(found, other)
    if status.st_mode != below.st_mode or not same_owner(found, other):
        return False
    if not stat.S_ISREG(status.st_mode):
        return True
    if status.st_size != below.st_size or owners.device_of(here) != owners.device_of(there):
        return False
    return filecmp.cmp(here, there, shallow=False)


def same_owner(found, other):
    return owners.ids_of(*found) == owners.ids_of(*other)


def flatten(layer, flat, base, path=''):
    """Lays one part of a layer over another that becomes both; `base` is what it will lie on."""
    for entry in sorted(os.scandir(os.path.join(layer, path)), key=lambda one: one.name):
        here = os.path.join(path, entry.name)
        target, status = os.path.join(flat, here), entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            merge_folder(entry.path, target)
            flatten(layer, flat, base, here)
            continue
        remove(target)
        if not is_whiteout(status):
            copy(entry.path, target, status)
        elif base.find(here) is not None:
            os.mknod(target, stat.S_IFCHR, 0)


def merge_folder(here, target):
    opaque = is_opaque(here)
    if opaque or not os.path.isdir(target) or os.path.islink(target):
        remove(target)
        os.mkdir(target)
    shutil.copystat(here, target)
    status = os.lstat(here)
    os.chown(target, status.st_uid, status.st_gid)


def remove(target):
    if os.path.isdir(target) and not os.path.islink(target):
        shutil.rmtree(target)
    elif os.path.lexists(target):
        os.unlink(target)


def copy(here, target, status):
    shutil.copy2(here, target, follow_symlinks=False)
    os.lchown(target, status.st_uid, status.st_gid)
    if not is_link(status):
        os.chmod(target, stat.S_IMODE(status.st_mode))
