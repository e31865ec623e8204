"""The unit agent's socket from within a Python process: what client/hook-command does, without a
process.

A frame is a length and its bytes; a request's bytes are fields, each a length and its bytes
(agent-frames.ts).
"""

import os
import socket
import struct
import threading

from . import carried

_WORD = struct.Struct('>I')
_lock = threading.Lock()
_connection = {'pid': None, 'socket': None}


class AgentGone(OSError):
    """There is no agent to ask, or it hung up."""


def ask(*fields):
    """Sends one request of bytes fields; answers the reply's body."""
    body = b''.join(map(carried.with_length, fields))
    with _lock:
        connected = _connected()
        connected.sendall(carried.with_length(body))
        return _reply(connected)


def command(folder, stdin, argv):
    """Asks for a hook command and writes the files it brings; answers (code, stdout, stderr)."""
    files = carried.named(argv)
    answer = ask(b'command', context(), folder, stdin, files, *argv)
    out, at = carried.take(answer, 4)
    err, at = carried.take(answer, at)
    refused = carried.write(answer, at)
    if refused:
        return 1, b'', err + refused
    return answer[3], out, err


def _connected():
    if _connection['pid'] != os.getpid():
        fresh = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        fresh.connect(os.environ['JUJU_AGENT_SOCKET_ADDRESS'])
        _connection.update(pid=os.getpid(), socket=fresh)
    return _connection['socket']


def _reply(connected):
    """The answer to the one request that is out, without its length."""
    first = _part(connected)
    while len(first) < 4:
        first += _part(connected)
    parts, left = [first[4:]], 4 + _WORD.unpack_from(first)[0] - len(first)
    while left > 0:
        parts.append(_part(connected))
        left -= len(parts[-1])
    return parts[0] if len(parts) == 1 else b''.join(parts)


def _part(connected):
    part = connected.recv(1 << 16)
    if not part:
        _connection['pid'] = None
        raise AgentGone('the unit agent hung up')
    return part


def context():
    return variable('JUJU_CONTEXT_ID') or b''


def variable(name):
    """A variable's bytes, as the system has it, or None."""
    try:
        return os.environ._data.get(name.encode())
    except AttributeError:
        # Something has put another mapping in its place.
        value = os.environ.get(name)
        return None if value is None else os.fsencode(value)
