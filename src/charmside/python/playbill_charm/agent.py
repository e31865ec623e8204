"""The unit agent's socket from within a Python process: what client/hook-command does, without a
process.

A frame is a length and its bytes; a request's bytes are fields, each a length and its bytes
(agent-frames.ts).
"""

import os
import socket
import struct
import threading

_lock = threading.Lock()
_connection = {'pid': None, 'socket': None}


class AgentGone(OSError):
    """There is no agent to ask, or it hung up."""


def ask(*fields):
    """Sends one request of bytes fields; answers (code, stdout, stderr)."""
    body = b''.join(struct.pack('>I', len(field)) + field for field in fields)
    with _lock:
        connected = _connected()
        connected.sendall(struct.pack('>I', len(body)) + body)
        answer = _exactly(connected, struct.unpack('>I', _exactly(connected, 4))[0])
    code, length = struct.unpack_from('>II', answer)
    return code, answer[8 : 8 + length], answer[12 + length :]


def _connected():
    if _connection['pid'] != os.getpid():
        fresh = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        fresh.connect(os.environ['JUJU_AGENT_SOCKET_ADDRESS'])
        _connection.update(pid=os.getpid(), socket=fresh)
    return _connection['socket']


def _exactly(connected, count):
    parts, left = [], count
    while left:
        part = connected.recv(min(left, 1 << 20))
        if not part:
            _connection['pid'] = None
            raise AgentGone('the unit agent hung up')
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b''.join(parts)


def context():
    return os.fsencode(os.environ.get('JUJU_CONTEXT_ID', ''))
