# client/hook-command for hosts without perl; it is given its first line, the interpreter's, when
# a sandbox is made.
import os
import socket
import struct
import sys


def fail(message):
    sys.stderr.write(f'ERROR {message}\n')
    sys.exit(1)


def stdin_field(argv):
    field = b'-'
    for index, part in enumerate(argv):
        file = argv[index + 1] if part == b'--file' and index + 1 < len(argv) else None
        file = part[7:] if part.startswith(b'--file=') else file
        if file == b'-':
            field = b'+' + sys.stdin.buffer.read()
        elif file is not None and os.path.isfile(file):
            with open(file, 'rb') as handle:
                field = b'+' + handle.read()
    return field


def exactly(agent, count):
    data = b''
    while len(data) < count:
        part = agent.recv(count - len(data))
        if not part:
            sys.exit(1)
        data += part
    return data


for name in ('JUJU_CONTEXT_ID', 'JUJU_AGENT_SOCKET_ADDRESS'):
    if not os.environ.get(name):
        fail(f'{name} not set')
argv = [os.fsencode(part) for part in sys.argv[1:]]
command = os.fsencode(os.path.basename(sys.argv[0]))
context = os.fsencode(os.environ['JUJU_CONTEXT_ID'])
fields = [b'command', context, os.getcwdb(), stdin_field(argv), command, *argv]
body = b''.join(struct.pack('>I', len(field)) + field for field in fields)
agent = socket.socket(socket.AF_UNIX)
try:
    agent.connect(os.environ['JUJU_AGENT_SOCKET_ADDRESS'])
except OSError as error:
    fail(f'cannot connect to the unit agent: {error.strerror}')
agent.sendall(struct.pack('>I', len(body)) + body)
answer = exactly(agent, struct.unpack('>I', exactly(agent, 4))[0])
code, length = struct.unpack_from('>II', answer)
sys.stderr.buffer.write(answer[12 + length :])
sys.stderr.flush()
sys.stdout.buffer.write(answer[8 : 8 + length])
sys.stdout.flush()
sys.exit(code & 0xFF)
