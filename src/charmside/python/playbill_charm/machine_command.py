"""A simulated program of the machine, as client/machine-command is it, for hosts without perl: asks
the engine, shows it what it wants to look at, makes of the root what it says.

Source: rename(2), for how a file is replaced.
Not modelled: owners of links; more than 32 MiB or 20000 files in one look.
"""

import base64
import os
import shutil
import socket
import stat
import struct
import sys
from contextlib import suppress

from .carried import take, with_length
from .places import STAGE

ROOM = 32 << 20
ENTRIES = 20000


class Refused(Exception):
    """What the program says before it ends with 1."""


class Shown:
    """What was found at the paths that were looked at, as one field."""

    def __init__(self):
        self.field = b''
        self.room = ROOM
        self.entries = ENTRIES

    def note(self, path, about, data=b''):
        self.entries -= 1
        self.room -= len(data)
        if self.entries < 0:
            raise Refused(f'too many files to look at: {os.fsdecode(path)}')
        if self.room < 0:
            raise Refused(f'too much to look at: {os.fsdecode(path)}')
        self.field += b''.join(map(with_length, (path, about.encode(), data)))

    def look(self, path):
        if path == b'/dev/stdin':
            self.note(path, 'f 0', sys.stdin.buffer.read() if sys.stdin else b'')
            return
        folder, _, last = path.rpartition(b'/')
        if last not in (b'*', b'**'):
            self.show(path)
            return
        try:
            names = sorted(os.listdir(folder or b'/'))
        except OSError:
            return
        for name in names:
            one = folder + b'/' + name
            self.show(one)
            if last == b'**' and os.path.isdir(one) and not os.path.islink(one):
                self.look(one + b'/**')

    def show(self, path):
        try:
            about = os.lstat(path)
        except OSError:
            return
        bits = f'{stat.S_IMODE(about.st_mode):o}'
        if stat.S_ISLNK(about.st_mode):
            self.note(path, 'l', os.readlink(path))
        elif stat.S_ISDIR(about.st_mode):
            self.note(path, f'd {bits}')
        else:
            data = contents(path, about, self.room)
            self.note(path, 'o' if data is None else f'f {bits}', data or b'')


def contents(path, about, room):
    if not stat.S_ISREG(about.st_mode) or about.st_size >= room:
        return None
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return None


def change(path, about, data):
    kind, mode, user, group = (about.decode().split(' ') + [''] * 3)[:4]
    if kind == 'r':
        return remove(path)
    with suppress(FileExistsError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    if kind == 'd':
        if not os.path.isdir(path):
            os.mkdir(path)
        if not os.path.islink(path):
            finish(path, mode, user, group)
        return None
    fresh = path + b'.playbill-%d' % os.getpid()
    remove(fresh)
    try:
        if kind == 'l':
            os.symlink(data, fresh)
        else:
            with open(fresh, 'wb') as file:
                file.write(data)
            finish(fresh, mode, user, group)
        os.rename(fresh, path)
    except OSError:
        remove(fresh)
        raise
    return None


def change_all(changes):
    """The same for the server, which is in the machine's root while an event lasts: path, words and
    base64 of each. Answers why one could not be, or None. All is root's: to look a name up there would be
    to load what a charm may have planted.
    """
    for path, about, data in changes:
        words = ' '.join((*about.split(' ')[:2], 'root', 'root'))
        try:
            change(os.fsencode(path), words.encode(), base64.b64decode(data))
        except OSError as error:
            return f'cannot change {path}: {error.strerror}'
    return None


def finish(path, mode, user, group):
    """Who may not give files away leaves them with its own name."""
    if (user, group) != ('root', 'root'):
        with suppress(OSError, LookupError):
            shutil.chown(path, *(int(who) if who.isdigit() else who for who in (user, group)))
    os.chmod(path, int(mode, 8))


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def words(body):
    fields, at = [], 0
    while at < len(body):
        field, at = take(body, at)
        fields.append(field)
    return fields


def reply(agent):
    got, want = b'', 4
    while len(got) < want:
        part = agent.recv(65536)
        if not part:
            sys.exit(1)
        got += part
        if want == 4 and len(got) >= 4:
            want += struct.unpack_from('>I', got)[0]
    return got[4:]


def answered(argv):
    """What the engine answers at last, after however many looks."""
    agent = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        agent.connect(f'{STAGE}/agent.socket')
    except OSError as error:
        raise Refused(f'no engine answers: {error.strerror}') from error
    shown = Shown()
    looks = 0
    while True:
        asks = b'%d %d' % (os.geteuid(), looks)
        fields = (b'machine', b'', os.getcwdb(), asks, shown.field, *argv)
        agent.sendall(with_length(b''.join(map(with_length, fields))))
        body = reply(agent)
        if body[:4] == b'\0\0\0\0':
            return body[4:]
        for path in words(body[4:]):
            shown.look(path)
        looks += 1


def run(argv):
    """Answers (code, stdout, stderr) once the root is as the answer wants it."""
    try:
        body = answered(argv)
    except Refused as error:
        return 1, b'', f'playbill: {error}\n'.encode()
    out, at = take(body, 4)
    err, at = take(body, at)
    root = words(body[at:])
    for path, about, data in zip(root[::3], root[1::3], root[2::3]):
        try:
            change(path, about, data)
        except OSError as error:
            why = f'playbill: cannot change {os.fsdecode(path)}: {error.strerror}\n'
            return 1, b'', err + why.encode()
    return body[3], out, err


def main():
    argv = [os.fsencode(part) for part in (os.path.basename(sys.argv[0]), *sys.argv[1:])]
    code, out, err = run(argv)
    for stream, text in ((sys.stderr, err), (sys.stdout, out)):
        stream.buffer.write(text)
        stream.flush()
    sys.exit(code)
