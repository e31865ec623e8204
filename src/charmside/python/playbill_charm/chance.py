"""Chance in a Python process: one stream of bytes per job, from its seed.

What a module draws while it is imported comes from a stream of its own, from its name: libraries
that make keys of random numbers at import then are the same whether they were imported before the
event or in it.
Not modelled: chance taken by C extensions (OpenSSL's, through ssl or cryptography), /dev/urandom
read as a file.
"""

import hashlib
import os
import random
import sys
import uuid

from .watched import reads

NODE = 0x00163E000001
_stream = {'seed': b'', 'count': 0}
_drawn = {}
_seed_of_random = random.Random.seed


def trace_bytes(size, /):
    module = importing()
    if module is None:
        reads['chance'] += 1
        _stream['count'] += 1
        block = _stream['seed'] + _stream['count'].to_bytes(8, 'big')
    else:
        _drawn[module] = _drawn.get(module, 0) + 1
        block = f'import {module} {_drawn[module]}'.encode()
    return hashlib.shake_256(block).digest(size)


def importing():
    """The name of the module whose body is being run, if there is one other than the main
    program.
    """
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == '<module>':
            name = frame.f_globals.get('__name__')
            return None if name == '__main__' else name
        frame = frame.f_back
    return None


def trace_getrandom(size, flags=0):
    return trace_bytes(size)


def seed(self, a=None, version=2):
    if a is None and not isinstance(self, random.SystemRandom):
        a = int.from_bytes(trace_bytes(32), 'big')
    return _seed_of_random(self, a, version)


def install():
    os.urandom = trace_bytes
    if hasattr(os, 'getrandom'):
        os.getrandom = trace_getrandom
    random._urandom = trace_bytes
    random.Random.seed = seed
    random.seed = random._inst.seed
    uuid._generate_time_safe = None
    uuid._UuidCreate = None
    uuid._node = NODE


def begin(seed_hex):
    _stream.update(seed=bytes.fromhex(seed_hex), count=0)
    random._inst.seed(int(seed_hex or '0', 16))
    uuid._last_timestamp = None
