"""Tries imports in a process that is thrown away, and says which of them depend on nothing that
an event decides.

An import is clean when it reads no variable of the hook's environment, no file outside of the
code folders, no time, no chance and nothing of the machine, starts no process or thread, and
changes nothing but modules.
Not modelled: C extensions that read any of it behind Python's back.
"""

import importlib
import os
import random
import sys
import threading

from . import places, watched

CODE = (f'{sys.base_prefix}/', '/usr/lib/', '/usr/share/', f'{places.OWN}/')
DENIED = tuple(
    (
        'subprocess. os.system os.exec os.fork os.posix_spawn os.spawn pty. socket. sqlite3. '
        'os.mkdir os.remove os.rename os.rmdir os.symlink os.link os.chmod os.chown os.chdir '
        'os.truncate os.utime os.putenv os.unsetenv os.kill shutil. tempfile. signal. fcntl. '
    ).split()
)
LISTING = ('open', 'os.listdir', 'os.scandir')
HARMLESS = frozenset(('socket.__new__',))
SEEN = {'why': None}
# `from a import b` may mean a module or not; what is none is left to nobody.
NO_MODULE = 'not a module'
OWN_VARIABLES = ('PYTHON', 'LC_', 'OTEL_', 'XDG_')


def is_code(path, charm):
    if isinstance(path, int):
        return True
    path = os.path.abspath(os.fsdecode(path))
    folders = (*CODE, f'{charm}/lib/', f'{charm}/venv/', f'{charm}/src/')
    return (path + '/').startswith(folders) or path in ('/dev/null', charm)


def watch(charm):
    """From now on SEEN['why'] says what was not clean. For good: this process is thrown away."""

    def hook(name, arguments):
        if name in LISTING:
            writes = (
                name == 'open' and isinstance(arguments[1], str) and set(arguments[1]) & set('wax+')
            )
            if writes or (arguments[0] is not None and not is_code(arguments[0], charm)):
                SEEN['why'] = SEEN['why'] or f'{name} {arguments[0]}'
        elif name.startswith(DENIED) and name not in HARMLESS:
            SEEN['why'] = SEEN['why'] or name

    sys.addaudithook(hook)
    for name in ('stat', 'lstat', 'access', 'readlink', 'getcwd'):
        setattr(os, name, watched_call(getattr(os, name), charm))
    os.environ._data = WatchedVariables(os.environ._data)


def watched_call(real, charm):
    def call(*arguments, **options):
        if not arguments or not is_code(arguments[0], charm):
            SEEN['why'] = SEEN['why'] or f'{real.__name__} {arguments[:1]}'
        return real(*arguments, **options)

    return call


class WatchedVariables(dict):
    """The environment's variables; a look at any that an event may have set is seen."""

    def __getitem__(self, key):
        if not os.fsdecode(key).startswith(OWN_VARIABLES):
            SEEN['why'] = SEEN['why'] or f'variable {os.fsdecode(key)}'
        return super().__getitem__(key)

    def __iter__(self):
        SEEN['why'] = SEEN['why'] or 'all variables'
        return super().__iter__()


def clean_names(names, charm):
    """Imports `names` in order; answers those that are clean, and why each of the others is not."""
    watch(charm)
    output = os.memfd_create('output')
    for number in (1, 2):
        os.dup2(output, number)
    clean, dirty = [], {}
    for name in names:
        before = set(sys.modules)
        why = tried(name) or written(output)
        if why is None:
            clean.append(name)
        else:
            if why != NO_MODULE:
                dirty[name] = why
            for added in set(sys.modules) - before:
                del sys.modules[added]
    return clean, dirty


def written(output):
    """What is printed at import belongs into the event's log, each time."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if os.fstat(output).st_size == 0:
        return None
    os.ftruncate(output, 0)
    return 'prints'


def tried(name):
    SEEN['why'] = None
    counted, state, paths = dict(watched.reads), random.getstate(), list(sys.path)
    try:
        if not load(name):
            return NO_MODULE
    except BaseException as error:
        return f'{type(error).__name__}: {error}'
    if watched.reads != counted or random.getstate() != state:
        changed = [what for what in counted if watched.reads[what] != counted[what]]
        return f'reads {", ".join(changed) or "chance"}'
    if threading.active_count() > 1:
        return 'starts a thread'
    return SEEN['why'] or ('changes sys.path' if sys.path != paths else None)


def load(name):
    """Imports a dotted name; False when its last part is an attribute of a module and no module."""
    parent, _, last = name.rpartition('.')
    if parent:
        above = importlib.import_module(parent)
        if hasattr(above, last) and f'{name}' not in sys.modules:
            return False
        if not hasattr(above, '__path__'):
            return False
    importlib.import_module(name)
    return True
