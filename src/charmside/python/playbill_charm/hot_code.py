"""The code that events run, moved next to each other: a call counts a reference to its code, and
in a fork each page with code that is called is copied. Code objects lie where their module was
loaded, few of a page's are called, and all of those that are fit on few pages.

Source: CPython Objects/codeobject.c (code_replace), Python/ceval.c (_PyEvalFramePushAndInit).
Not modelled: functions, constants and classes stay where they are, as others know them by identity.
"""

import gc
import types

from .rehearsal import key_of


def gather(codes):
    """Gives every function whose code, or code within it, was run equal code at a new place."""
    order = {tuple(key): place for place, key in enumerate(codes)}
    placed = [(first_run(one.__code__, order), one) for one in functions()]
    moved = {}
    for place, function in sorted(placed, key=lambda pair: pair[0]):
        if place < len(order):
            function.__code__ = relocated(function.__code__, order, moved)


def functions():
    return [one for one in gc.get_objects() if type(one) is types.FunctionType]


def within(code):
    return [one for one in code.co_consts if isinstance(one, types.CodeType)]


def first_run(code, order):
    """When this code was first run, or code within it; a number beyond all others for never."""
    own = order.get(key_of(code), len(order))
    return min([own, *(first_run(one, order) for one in within(code))])


def relocated(code, order, moved):
    """Equal code, made now; the same for all functions that share it."""
    if id(code) in moved:
        return moved[id(code)][1]
    consts = tuple(
        relocated(one, order, moved)
        if isinstance(one, types.CodeType) and first_run(one, order) < len(order)
        else one
        for one in code.co_consts
    )
    fresh = code.replace(co_consts=consts) if within(code) else code.replace()
    moved[id(code)] = (code, fresh)
    return fresh
