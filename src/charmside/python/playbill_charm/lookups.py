"""Attributes of types, looked up before the first event: the interpreter remembers where in a
type's bases a name was found, or that it was not, and an event that finds it remembered reads
less and writes nothing.

Source: CPython Objects/typeobject.c (_PyType_Lookup, type_cache).
Not modelled: types of the charm's own files.
"""

import ctypes
import sys

from .rehearsal import name_of

# The interpreter remembers no more than half of these.
LOOKUPS_MAX = 1 << 13


def remember(lookups):
    """Looks up names in types: each is a type's module, its name and the name to look up."""
    try:
        look_up = ctypes.pythonapi._PyType_Lookup
    except AttributeError:
        return
    look_up.argtypes, look_up.restype = (ctypes.py_object, ctypes.py_object), ctypes.c_void_p
    kinds = {name_of(kind): kind for kind in all_types()}
    for module, kind, name in lookups[:LOOKUPS_MAX]:
        if (module, kind) in kinds:
            look_up(kinds[module, kind], sys.intern(name))


def all_types():
    seen, left = {}, [object]
    while left:
        kind = left.pop()
        if id(kind) not in seen:
            seen[id(kind)] = kind
            left.extend(type.__subclasses__(kind))
    return seen.values()
