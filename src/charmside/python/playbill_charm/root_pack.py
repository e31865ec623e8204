"""A root that the engine has packed into one file, written into a layer piece by piece (root-pack.ts).

Not modelled: the owners of links where one id is mapped only.
"""

import json
import os
import struct

from . import owners
from .root_changes import make_parents, remove, split

PIECE = 1 << 20


def fill_from(pack, layer, below):
    """What is in the layer already gives way; `below` is by part what it will lie on."""
    with open(pack, 'rb') as file:
        (length,) = struct.unpack('>Q', file.read(8))
        for row in json.loads(file.read(length)):
            part, rest = split(row['path'])
            if rest:
                make_parents(f'{layer}/{part}', rest, below[part])
                add_entry(f'{layer}/{part}/{rest}', row, file)


def add_entry(target, row, file):
    kind = row['kind']
    if os.path.lexists(target) and (kind != 'dir' or not is_folder(target)):
        remove(target)
    if kind == 'link':
        os.symlink(row['target'], target)
    elif kind == 'dir':
        os.makedirs(target, exist_ok=True)
    else:
        copy(file, target, row['size'])
    owners.own(target, row)
    if kind != 'link':
        os.chmod(target, row['mode'])


def is_folder(path):
    return os.path.isdir(path) and not os.path.islink(path)


def copy(file, target, size):
    with open(target, 'xb') as own:
        while size > 0:
            data = file.read(min(size, PIECE))
            own.write(data)
            size -= len(data)
