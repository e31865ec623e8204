"""Tells the engine of the exception that ended the charm, as data: its type, its message, where
it came from.
"""

import json
import os
import sys
import traceback

from . import agent

FRAMES_MAX = 30


def tell_last():
    """The exception that the interpreter was about to print, if there was one."""
    error = getattr(sys, 'last_exc', None) or getattr(sys, 'last_value', None)
    if isinstance(error, BaseException) and not isinstance(error, SystemExit):
        tell(error)


def tell(error, raised_in=None):
    """`raised_in`: what of the project's own it came from, where it was not the charm."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    data = {
        'type': type(error).__name__,
        'module': type(error).__module__,
        'message': str(error),
        'frames': [
            {'file': os.path.normpath(frame.filename), 'line': frame.lineno, 'function': frame.name}
            for frame in frames
        ],
        **({'in': raised_in} if raised_in else {}),
    }
    try:
        agent.ask(b'traced', agent.context(), b'raise', json.dumps(data).encode())
    except OSError:
        pass
