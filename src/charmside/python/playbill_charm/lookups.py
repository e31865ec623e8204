"""Attributes of types, looked up before the first event: the interpreter remembers where in a
type's bases a name was found, or that it was not, and an event that finds it remembered reads
less and writes nothing.

Source: CPython Objects/typeobject.c (_PyType_Lookup, type_cache).
Not modelled: names that the interpreter itself looks up but for the few below; types of the
charm's own files.
"""

import ctypes
import itertools
import sys

from . import hot_code
from .rehearsal import key_of, name_of

SPECIAL = (
    '__abstractmethods__ __bool__ __call__ __class__ __contains__ __dict__ __enter__ __eq__ '
    '__exit__ __get__ __getattr__ __getattribute__ __getitem__ __hash__ __init__ '
    '__init_subclass__ __instancecheck__ __iter__ __len__ __new__ __next__ __repr__ __set__ '
    '__set_name__ __setattr__ __setitem__ __str__ __subclasscheck__ __subclasshook__'
).split()


# The interpreter remembers no more than half of these.
LOOKUPS_MAX = 1 << 13


def remember(told):
    """Looks up what code that was run names, in the types of what its variables held."""
    try:
        lookup = ctypes.pythonapi._PyType_Lookup
    except AttributeError:
        return
    lookup.argtypes, lookup.restype = (ctypes.py_object, ctypes.py_object), ctypes.c_void_p
    for kind, name in itertools.islice(met(told), LOOKUPS_MAX):
        lookup(kind, name)


def met(told):
    """Types and names, each pair once."""
    kinds = {name_of(kind): kind for kind in all_types()}
    codes = {key_of(one.__code__): one.__code__ for one in hot_code.functions()}
    special = tuple(map(sys.intern, SPECIAL))
    pairs = {}
    for *key, names in told:
        code = codes.get(tuple(key))
        for kind in filter(None, (kinds.get(tuple(name)) for name in names)):
            for name in (*special, *(code.co_names if code else ())):
                pairs[id(kind), name] = kind
    return ((kind, name) for (_, name), kind in pairs.items())


def all_types():
    seen, left = {}, [object]
    while left:
        kind = left.pop()
        if id(kind) not in seen:
            seen[id(kind)] = kind
            left.extend(type.__subclasses__(kind))
    return seen.values()
