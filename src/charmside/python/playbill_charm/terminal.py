"""A shell in place of the charm's program: on a terminal of its own, whose other end is a socket of
the stage.

From there: `d` and bytes that were typed, `w` and the window's size as two 16-bit numbers, each
with its length before it. To there: what the terminal shows, as it is.
Source: pty(7), and juju internal/worker/uniter/runner/debug for what a debug session runs.
"""

import fcntl
import os
import select
import signal
import socket
import struct
import termios

from . import places

SHELL = '/bin/bash'
READ = 1 << 16
END_OF_INPUT = b'\x04'
# While a program runs nobody may read it; a shell that waits does.
AGAIN_SECONDS = 0.1


def run(job):
    """Becomes the relay between the shell and the socket; ends with the shell's exit code."""
    wire = socket.socket(socket.AF_UNIX)
    wire.connect(f'{places.agent_dir(job["unit"])}/terminal.socket')
    child, master = os.forkpty()
    if child == 0:
        become_shell(job)
    relay(wire, master)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def become_shell(job):
    try:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        environment = {'TERM': 'xterm-256color', 'HOME': '/root', **job['environment']}
        environment['PS1'] = r'\u@\h:\w\$ '
        os.execve(SHELL, [SHELL, '--noprofile', '--norc', '-i'], environment)
    finally:
        os._exit(127)


def relay(wire, master):
    pending = b''
    sources = [wire, master]
    while True:
        ready, _, _ = select.select(sources, [], [], None if wire in sources else AGAIN_SECONDS)
        if wire in ready:
            more = wire.recv(READ)
            pending = obeyed(pending + more, master)
            if not more:
                sources.remove(wire)
        if not ready:
            os.write(master, END_OF_INPUT)
        if master in ready:
            try:
                shown = os.read(master, READ)
            except OSError:
                return
            if not shown:
                return
            wire.sendall(shown)


def obeyed(pending, master):
    """Does what whole frames say; answers what is left of the last one."""
    while len(pending) >= 5:
        kind, length = struct.unpack('>cI', pending[:5])
        if len(pending) < 5 + length:
            break
        told, pending = pending[5 : 5 + length], pending[5 + length :]
        if kind == b'd':
            typed(master, told)
        elif kind == b'w':
            rows, columns = struct.unpack('>HH', told)
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    return pending


def typed(master, told):
    while told:
        told = told[os.write(master, told) :]
