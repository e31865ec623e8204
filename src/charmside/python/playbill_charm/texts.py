"""The texts that dataclasses makes functions of, compiled once for all events of a sandbox.

Which they are is found by running the charm's main file, not as the main program, in a process
that is thrown away; what it defines there is not kept. An event looks its texts up and compiles
those that are not known.
Source: CPython Lib/dataclasses.py (_create_fn).
"""

import dataclasses

_known = {}
_met = []


def execute(text, names, own):
    code = _known.get(text)
    if code is None:
        _met.append(text)
        code = compiled(text)
    exec(code, names, own)


def compiled(text):
    return compile(text, '<string>', 'exec', dont_inherit=True)


def install():
    dataclasses.exec = execute


def met_by(code, path):
    """Runs a main file's code; answers the texts that it met."""
    _met.clear()
    try:
        exec(code, {'__name__': 'probed', '__file__': path})
    except BaseException:
        # What it could not do here, it says in its events.
        pass
    return [text for text in _met if isinstance(text, str)]


def learn(found):
    for text in found:
        try:
            _known[text] = compiled(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    _met.clear()
