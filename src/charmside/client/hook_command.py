# client/hook-command for hosts without perl; it is given its first line, the interpreter's, when
# a sandbox is made.
import os
import sys

sys.path.insert(0, '/opt/playbill/charmside/python')

from playbill_charm import agent, carried  # noqa: E402


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


for name in ('JUJU_CONTEXT_ID', 'JUJU_AGENT_SOCKET_ADDRESS'):
    if not os.environ.get(name):
        fail(f'{name} not set')
argv = [os.fsencode(part) for part in (os.path.basename(sys.argv[0]), *sys.argv[1:])]
stdin = stdin_field(argv[1:])
try:
    code, out, err = agent.command(os.getcwdb(), stdin, argv)
except agent.AgentGone:
    sys.exit(1)
except OSError as error:
    fail(f'cannot connect to the unit agent: {error.strerror}')
sys.stderr.buffer.write(err)
sys.stderr.flush()
sys.stdout.buffer.write(out)
sys.stdout.flush()
sys.exit(code & 0xFF)
