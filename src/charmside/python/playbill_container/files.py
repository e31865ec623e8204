"""The container's own files, as its Pebble reads and writes them: read from what is its own
alone, written as programs see them.

No link is followed on the way to a file that is read.
Not modelled: devices, pipes and sockets, which are left out.
"""

import os
import shutil
import stat
from contextlib import nullcontext, suppress

# A folder costs a descriptor while it is looked through.
DEPTH_MAX = 400
MILLISECOND = 1_000_000


def described(info, name, parent):
    """What is told of one file, or None."""
    member = {'mode': info.st_mode & 0o7777, 'modified': info.st_mtime_ns // MILLISECOND}
    if stat.S_ISDIR(info.st_mode):
        return {'kind': 'dir', **member}
    if stat.S_ISREG(info.st_mode):
        version = f'{info.st_ino}.{info.st_mtime_ns}.{info.st_ctime_ns}.{info.st_size}'
        return {'kind': 'file', 'size': info.st_size, 'version': version, **member}
    if stat.S_ISLNK(info.st_mode):
        return {'kind': 'link', 'target': os.readlink(name, dir_fd=parent), **member}
    return None


def is_text(text):
    try:
        text.encode('utf-8')
        return True
    except UnicodeEncodeError:
        return False


def open_below(name, parent, flags):
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)


class OwnFiles:
    """`own`: descriptors of folders by their path in the container; `made`: paths that are
    only there to be mounted on.
    """

    def __init__(self, own, made):
        self.own = own
        self.made = made

    def all(self):
        found = []
        for path, descriptor in self.own.items():
            self.below(path, descriptor, '.', found, 0)
        return found

    def below(self, path, parent, name, found, depth):
        folder = open_below(name, parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in sorted(os.listdir(folder)):
                self.entry(f'{path}/{name}', folder, name, found, depth)
        finally:
            os.close(folder)

    def entry(self, path, folder, name, found, depth):
        try:
            member = described(os.stat(name, dir_fd=folder, follow_symlinks=False), name, folder)
            if member is None or not is_text(path) or not is_text(member.get('target', '')):
                return
            at = len(found)
            found.append([path, member])
            if member['kind'] == 'dir' and depth < DEPTH_MAX:
                self.below(path, folder, name, found, depth + 1)
            if path[1:] in self.made and len(found) == at + 1:
                found.pop()
        except OSError:
            # It went while it was looked at.
            pass

    def read(self, path):
        """The contents of a file, or None."""
        place = max((one for one in self.own if f'{path}/'.startswith(f'{one}/')), key=len)
        *folders, name = path[len(place) :].strip('/').split('/')
        # Above the root of what is its own lies the host.
        if not {'', '.', '..'}.isdisjoint((*folders, name)):
            return None
        opened = [os.dup(self.own[place])]
        try:
            for folder in folders:
                opened.append(open_below(folder, opened[-1], os.O_PATH | os.O_DIRECTORY))
            file = open_below(name, opened[-1], os.O_RDONLY)
            opened.append(file)
            if not stat.S_ISREG(os.fstat(file).st_mode):
                return None
            with os.fdopen(os.dup(file), 'rb') as stream:
                return stream.read()
        except OSError:
            return None
        finally:
            for descriptor in opened:
                os.close(descriptor)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def write_all(entries, contents):
    """Entries as (path, member); a file's bytes are the next of `contents`."""
    at = 0
    for path, member in entries:
        if member is None:
            remove(path)
            continue
        size = member.get('size', 0)
        write_one(path, member, contents[at : at + size])
        at += size
    for path, member in reversed(entries):
        if member is not None:
            time = int(member['modified'] * MILLISECOND)
            with unless_of_host(member):
                os.utime(path, ns=(time, time), follow_symlinks=False)


def unless_of_host(member):
    """A folder of the host's programs stays as it is."""
    return suppress(OSError) if member['kind'] == 'dir' else nullcontext()


def write_one(path, member, contents):
    kind = member['kind']
    if kind != 'dir' or os.path.islink(path) or not os.path.isdir(path):
        remove(path)
    if kind == 'link':
        os.symlink(member['target'], path)
        return
    if kind == 'dir':
        os.makedirs(path, exist_ok=True)
    else:
        with open(path, 'xb') as file:
            file.write(contents)
    with unless_of_host(member):
        os.chmod(path, member['mode'])
