"""The project's .playbill/loader.py: the place for patches that a charm's libraries need here.

It is imported once in every interpreter that an event starts for the charm, after the bootstrap
and before anything of the charm. Not in those that it starts itself, nor in the project's own
commands: they stand for what is outside of the charm.
"""

import os
import sys
import types

from .places import PROJECT

FILE = f'{PROJECT}/loader.py'
NAME = 'playbill_loader'
# Set while the loader runs: the processes that it starts have it, the charm does not.
LOADING = 'PLAYBILL_LOADING'


def load(compiled):
    """Runs the loader, if the project has one; ends this process when it fails."""
    if not os.path.exists(FILE) or os.environ.get(LOADING) or is_command():
        return
    os.environ[LOADING] = '1'
    module = types.ModuleType(NAME)
    module.__file__ = FILE
    sys.modules[NAME] = module
    try:
        exec(compiled(FILE), module.__dict__)
    except BaseException as error:
        end(error)
    os.environ.pop(LOADING, None)


def is_command():
    return os.path.realpath(sys.argv[0] if sys.argv else '').startswith(f'{PROJECT}/')


def load_from_file():
    """In an interpreter that has just started: the folder of its script is not on sys.path yet."""
    folder = os.path.dirname(os.path.abspath(sys.argv[0])) if sys.argv else ''
    added = os.path.isfile(sys.argv[0]) and folder not in sys.path if sys.argv else False
    if added:
        sys.path.insert(0, folder)
    load(read)
    if added and folder in sys.path:
        sys.path.remove(folder)


def read(path):
    with open(path, 'rb') as file:
        return compile(file.read(), path, 'exec', dont_inherit=True)


def end(error):
    """Prints and tells what went wrong in the loader. Nothing of the charm is run."""
    import traceback

    from . import uncaught

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != FILE:
        trace = trace.tb_next
    traceback.print_exception(type(error), error, trace)
    uncaught.tell(error.with_traceback(trace), 'loader.py')
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(1)
