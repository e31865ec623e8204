"""`subprocess.run` of a hook command, answered over the agent's socket with no process in
between.

Only calls whose outcome is surely the same as the real client's are taken; anything unusual runs
the real one.
Source: CPython's subprocess.run (communicate, text handling, check).
"""

import os
import subprocess

from . import agent

TAKEN = frozenset(
    'args input capture_output stdout stderr check text universal_newlines encoding errors '
    'timeout shell'.split()
)
PIPE, DEVNULL, STDOUT = subprocess.PIPE, subprocess.DEVNULL, subprocess.STDOUT
_real_run = subprocess.run
_known = {'names': frozenset(), 'folder': '', 'path': b''}


def begin(names, folder, path):
    _known.update(names=names, folder=folder, path=os.fsencode(path))


def install():
    subprocess.run = run


def run(*popenargs, **kwargs):
    if len(popenargs) == 1:
        taken = taken_argv(popenargs[0], kwargs)
    elif not popenargs and 'args' in kwargs:
        taken = taken_argv(kwargs['args'], kwargs)
    else:
        taken = None
    if taken is None:
        return _real_run(*popenargs, **kwargs)
    return answered(popenargs[0] if popenargs else kwargs['args'], taken, kwargs)


run.__doc__ = _real_run.__doc__


def taken_argv(args, kwargs):
    """The command's arguments as bytes, or None when the real client has to run."""
    if not isinstance(args, (list, tuple)) or not args or not TAKEN.issuperset(kwargs):
        return None
    if not all(isinstance(part, (str, bytes)) for part in args) or kwargs.get('shell'):
        return None
    folder, _, name = os.fsdecode(args[0]).rpartition('/')
    if name not in _known['names'] or (folder and folder != _known['folder']):
        return None
    if agent.variable('PATH') != _known['path'] or not agent.context():
        return None
    argv = [name.encode(), *(os.fsencode(part) for part in args[1:])]
    usual = takes_usual_streams(kwargs) and not any(b'\0' in part for part in argv)
    return argv if usual and not reads_odd_stdin(argv, kwargs) else None


def takes_usual_streams(kwargs):
    out, err, given = kwargs.get('stdout'), kwargs.get('stderr'), kwargs.get('input')
    if kwargs.get('capture_output') and (out is not None or err is not None):
        return False
    if out not in (None, PIPE, DEVNULL) or err not in (None, PIPE, DEVNULL):
        return False
    return given is None or isinstance(given, str if is_text(kwargs) else (bytes, bytearray))


def reads_odd_stdin(argv, kwargs):
    """A command that reads stdin while nothing is given reads this process's own: the real client
    can.
    """
    return wants_stdin(argv) == '-' and kwargs.get('input') is None


def wants_stdin(argv):
    """`-`, the name of a file, or None: what --file says. The last one wins, as in
    client/hook-command.
    """
    wanted = None
    for index, part in enumerate(argv[1:], 1):
        if part == b'--file' and index + 1 < len(argv):
            wanted = argv[index + 1]
        elif part.startswith(b'--file='):
            wanted = part[7:]
    return '-' if wanted == b'-' else wanted


def is_text(kwargs):
    return bool(
        kwargs.get('text')
        or kwargs.get('universal_newlines')
        or kwargs.get('encoding')
        or kwargs.get('errors')
    )


def stdin_field(argv, kwargs):
    wanted = wants_stdin(argv)
    if wanted is None:
        return b'-'
    if wanted != '-':
        try:
            with open(wanted, 'rb') as file:
                return b'+' + file.read()
        except OSError:
            return b'-'
    given = kwargs['input']
    return b'+' + (encoded(given, kwargs) if isinstance(given, str) else bytes(given))


def encoded(text, kwargs):
    return text.encode(kwargs.get('encoding') or 'utf-8', kwargs.get('errors') or 'strict')


def decoded(data, kwargs):
    text = data.decode(kwargs.get('encoding') or 'utf-8', kwargs.get('errors') or 'strict')
    return text.replace('\r\n', '\n').replace('\r', '\n')


def delivered(data, where, descriptor, kwargs):
    """What run() gives for a stream: the data when it is piped, else None with the data where it
    belongs.
    """
    if where == PIPE:
        return decoded(data, kwargs) if is_text(kwargs) else data
    if where is None:
        while data:
            data = data[os.write(descriptor, data) :]
    return None


def answered(args, argv, kwargs):
    stdin = stdin_field(argv, kwargs)
    code, out, err = agent.command(os.getcwdb(), stdin, argv)
    capture = PIPE if kwargs.get('capture_output') else None
    stderr = delivered(err, kwargs.get('stderr', capture), 2, kwargs)
    stdout = delivered(out, kwargs.get('stdout', capture), 1, kwargs)
    if kwargs.get('check') and code:
        raise subprocess.CalledProcessError(code, args, output=stdout, stderr=stderr)
    return subprocess.CompletedProcess(args, code, stdout, stderr)
