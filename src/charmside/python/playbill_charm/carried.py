"""Files that travel with a hook command: those that its arguments name, to the engine; those that
its answer brings, from it. client/hook-command does the same in perl.

Source: juju internal/worker/uniter/runner/jujuc (secret-add.go, resource-get.go), cmd/output.go;
Go's words for what open(2) refuses.
"""

import os
import struct

_WORD = struct.Struct('>I')


def named(argv):
    """What is in the files of `key#file=PATH`: each path, as written, and its contents."""
    field = b''
    for part in argv[1:] if argv[0] in (b'secret-add', b'secret-set') else ():
        key, equals, path = part.partition(b'=')
        if equals and key.endswith(b'#file') and os.path.isfile(path):
            try:
                with open(path, 'rb') as file:
                    field += b''.join(map(with_length, (path, file.read())))
            except OSError:
                continue
    return field


def with_length(data):
    return _WORD.pack(len(data)) + data


def take(data, at):
    """The field of `data` at `at`, and where the next one is."""
    end = at + 4 + _WORD.unpack_from(data, at)[0]
    return data[at + 4 : end], end


def write(data, at):
    """Writes the files at `at`; answers what to print on stderr when one of them cannot be."""
    while at < len(data):
        parents = _WORD.unpack_from(data, at)[0]
        path, at = take(data, at + 4)
        contents, at = take(data, at)
        try:
            write_file(path, contents, parents)
        except OSError as error:
            why = error.strerror[:1].lower() + error.strerror[1:]
            return b'ERROR open %s: %s\n' % (path, why.encode())
    return b''


def write_file(path, contents, parents):
    if parents:
        # What is there already may be read-only; it is replaced, not written over.
        for attempt in (make_parents, os.unlink):
            try:
                attempt(path)
            except OSError:
                continue
    with open(path, 'wb') as file:
        file.write(contents)


def make_parents(path):
    os.makedirs(os.path.dirname(path) or b'.', exist_ok=True)
