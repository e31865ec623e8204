"""The charm's main program in a fork: what `python3 ./src/charm.py` would find, and how it would
end.

Source: CPython Modules/main.c (pymain_run_file), Python/pylifecycle.c (Py_FinalizeEx).
"""

import atexit
import io
import os
import sys
import threading
import types

from . import bootstrap, event, loader, places, uncaught

FLUSH_FAILED = 120
_variables = {}


def prepare(job):
    """Environment and arguments of this process become those of the charm's own interpreter. Done
    by the server before it forks, where writing is cheap: the next event sets all of it anew.
    """
    charm = places.charm_dir(job['unit'])
    set_environment({**job['environment'], 'PYTHONPATH': 'lib:venv', 'PWD': charm})
    script = f'./{job["main"]}'
    sys.argv = [script]
    sys.orig_argv = [sys.executable, script]
    bootstrap.begin(job, job['unit'])


def set_environment(wanted):
    """Most events have the variables of the one before, in the same order, and few new values."""
    if list(_variables) != list(wanted):
        os.environ.clear()
        _variables.clear()
    for name, value in wanted.items():
        if _variables.get(name) != value:
            os.environ[name] = _variables[name] = value


def fresh_streams(outputs):
    """Text streams on an event's own stdin, stdout and stderr, with an interpreter's usual
    settings. Made once, by the server: what they ask of their files is the same for each event.
    """
    kept = [os.dup(number) for number in range(3)]
    null = os.open('/dev/null', os.O_RDONLY)
    lend(null, *outputs)
    sys.stdin = sys.__stdin__ = io.open(0, 'r', encoding='utf-8', closefd=False)
    sys.stdout = sys.__stdout__ = io.open(1, 'w', encoding='utf-8', closefd=False)
    errors = io.TextIOWrapper(
        io.open(2, 'wb', closefd=False),
        encoding='utf-8',
        errors='backslashreplace',
        line_buffering=True,
    )
    sys.stderr = sys.__stderr__ = errors
    lend(*kept)
    for file in (null, *kept):
        os.close(file)


def lend(*files):
    """The first descriptors become what these are, as they are for an event."""
    for number, file in enumerate(files):
        os.dup2(file, number)


def main_module(path):
    module = types.ModuleType('__main__')
    module.__file__ = path
    module.__builtins__ = sys.modules['builtins']
    module.__annotations__ = {}
    module.__cached__ = None
    sys.modules['__main__'] = module
    return module


def run(job, compiled):
    """Runs the charm and ends this process."""
    threading.main_thread()._native_id = threading.get_native_id()
    os.close(event.TELL)
    loader.load(compiled)
    # The interpreter makes a script's path absolute and leaves its dot in it.
    path = f'{places.charm_dir(job["unit"])}/./{job["main"]}'
    module = main_module(path)
    code = 0
    try:
        exec(compiled(path), module.__dict__)
    except SystemExit as leaving:
        code = exit_code(leaving)
    except BaseException as error:
        show(error)
        code = 1
    os._exit(finish(code))


def exit_code(leaving):
    value = leaving.code
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF
    print(value, file=sys.stderr)
    return 1


def show(error):
    """Prints as the interpreter does: through the hook, without the frames that are ours."""
    trace = error.__traceback__
    while trace is not None and is_ours(trace.tb_frame):
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    try:
        sys.excepthook(type(error), error, trace)
    except BaseException:
        sys.__excepthook__(type(error), error, trace)


def is_ours(frame):
    return frame.f_globals.get('__name__', '').startswith(f'{__package__}.')


def finish(code):
    threading._shutdown()
    atexit._run_exitfuncs()
    uncaught.tell_last()
    try:
        sys.stdout.flush()
    except OSError:
        code = code or FLUSH_FAILED
    try:
        sys.stderr.flush()
    except OSError:
        pass
    return code
