"""Folders are listed by name: which order a file system gives depends on the host it is on.

Source: CPython's posixmodule (listdir, scandir); os.walk, glob and pathlib list by these two.
Not modelled: programs in other languages and C extensions, which read folders themselves.
"""

import os
import sys

_listdir, _scandir = os.listdir, os.scandir
# Classes that keep either from when they were imported, in Python 3.10 and since 3.13.
KEPT = (('pathlib', '_NormalAccessor'), ('glob', '_StringGlobber'))


class Names:
    """`os.listdir`; no function, as one that is kept in a class would be taken for a method."""

    def __call__(self, path=None):
        return sorted(_listdir(path))


class Entries:
    """`os.scandir`."""

    def __init__(self, path=None):
        with _scandir(path) as entries:
            self._entries = iter(sorted(entries, key=lambda entry: entry.name))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._entries = iter(())


def install():
    ours = {'listdir': Names(), 'scandir': Entries}
    # Where the real ones could be given a descriptor, these can.
    os.supports_fd.update(ours.values())
    classes = [getattr(sys.modules.get(module), name, None) for module, name in KEPT]
    for name, function in ours.items():
        setattr(os, name, function)
        for kept in filter(None, classes):
            if name in vars(kept):
                setattr(kept, name, function)
