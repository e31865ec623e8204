"""Byte code of a charm's own files and libraries, compiled once for all events of a sandbox.

Where the environment was installed without byte code, its packages are compiled too.
"""

import importlib._bootstrap_external as loading
import os
import py_compile

from . import bootstrap

FOLDERS = ('src', 'lib', 'venv')


def compile_charm(charm):
    """Compiles what an event may import. A file that cannot be compiled is left to the event."""
    bootstrap.keep_bytecode_away()
    for folder in FOLDERS:
        for parent, folders, files in os.walk(os.path.join(charm, folder)):
            folders.sort()
            for name in sorted(files):
                if name.endswith('.py'):
                    compile_file(os.path.join(parent, name))


def compile_file(path):
    kept = loading.cache_from_source(path)
    if os.path.exists(kept):
        return
    try:
        py_compile.compile(path, cfile=kept, doraise=True, quiet=2)
    except (py_compile.PyCompileError, OSError, ValueError, RecursionError):
        pass
