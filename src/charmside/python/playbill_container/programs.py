"""Programs of a container: started each in a group of its own, fed, listened to, killed.

Source: pebble internals/overlord/servstate/handlers.go and cmdstate/handlers.go, for how a program
is started; Go's os/exec, for what is told of one that cannot be.
Not modelled: terminals.
"""

import encodings.idna  # noqa: F401 (names of hosts need it, and inside it is not to be found)
import os
import resource
import signal
import socket

from playbill_charm import linux

CHUNK = 1 << 16
# Nothing else is done meanwhile.
CONNECT_SECONDS = 1


class Failed(Exception):
    """A program that cannot be started, in the kernel's words as Go spells them."""


def spelled(number):
    text = os.strerror(number)
    return text[:1].lower() + text[1:]


def find(name, path):
    """The file that a program's name stands for, or None."""
    places = [name] if '/' in name else [os.path.join(folder, name) for folder in path.split(':')]
    for place in places:
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return place
    return None


class Program:
    """One program; `outputs` by the descriptor that is read."""

    def __init__(self, frame, limits):
        self.id = frame['id']
        self.limits = limits
        self.waiting = bytearray()
        self.input_ends = False
        # Which limit it is killed for.
        self.over = None
        self.outputs = {}
        self.inputs = None
        self.pid = None
        self.spawn(frame)

    def spawn(self, frame):
        null = os.open('/dev/null', os.O_RDONLY), None
        stdin, self.inputs = os.pipe() if frame['stdin'] else null
        heard, stdout = os.pipe()
        stderr = stdout
        self.outputs[heard] = 'stdout'
        if not frame['joined']:
            heard, stderr = os.pipe()
            self.outputs[heard] = 'stderr'
        told, tell = os.pipe()
        try:
            self.pid = os.fork()
        except OSError:
            os.close(told)
            self.close()
            raise
        finally:
            if self.pid != 0:
                for descriptor in {stdin, stdout, stderr, tell}:
                    os.close(descriptor)
        if self.pid == 0:
            become(frame, (stdin, stdout, stderr), tell, self.limits)
        with os.fdopen(told, 'rb') as reader:
            why = reader.read().decode()
        for descriptor in self.descriptors():
            os.set_blocking(descriptor, False)
        if why:
            self.close()
            os.waitpid(self.pid, 0)
            raise Failed(why)

    def descriptors(self):
        return [*self.outputs, *([] if self.inputs is None else [self.inputs])]

    def close(self):
        for descriptor in self.descriptors():
            os.close(descriptor)
        self.outputs, self.inputs = {}, None

    def send(self, number, group):
        try:
            (os.killpg if group else os.kill)(self.pid, number)
        except ProcessLookupError:
            pass

    def feed(self):
        """Writes what waits; answers whether there is more to write."""
        while self.inputs is not None and self.waiting:
            try:
                del self.waiting[: os.write(self.inputs, self.waiting[:CHUNK])]
            except BlockingIOError:
                return True
            except OSError:
                self.waiting.clear()
                self.end_input()
        if self.input_ends and self.inputs is not None:
            self.end_input()
        return False

    def end_input(self):
        os.close(self.inputs)
        self.inputs = None


def become(frame, streams, tell, limits):
    """In the child: the program, or why it cannot be."""
    try:
        os.setsid()
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.umask(0o022)
        if any(frame.get(which) for which in ('user', 'group')):
            raise PermissionError(1, 'no such user')
        if 'port' in frame:
            relay(frame, tell)
        os.chdir(frame['cwd'])
        linux.drop_capabilities()
        set_limits(limits)
        file = frame.get('file') or find(frame['argv'][0], frame['env'].get('PATH', ''))
        os.execve(file or frame['argv'][0], frame['argv'], frame['env'])
    except OSError as error:
        os.write(tell, spelled(error.errno or 22).encode())
    except BaseException as error:
        os.write(tell, f'playbill: {type(error).__name__}: {error}'.encode())
    finally:
        os._exit(127)


def set_limits(limits):
    for what, value in (
        (resource.RLIMIT_NPROC, limits['processes']),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, limits['memory']),
        (resource.RLIMIT_FSIZE, limits['memory']),
        (resource.RLIMIT_MEMLOCK, 1 << 16),
        (resource.RLIMIT_MSGQUEUE, 1 << 16),
    ):
        resource.setrlimit(what, (value, value))
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 4096))


def relay(frame, tell):
    """A connection within the container's network: standard input goes there, what comes is
    output.
    """
    with socket.create_connection((frame['host'], frame['port']), CONNECT_SECONDS) as connection:
        connection.settimeout(None)
        os.close(tell)
        if os.fork() == 0:
            while data := os.read(0, CHUNK):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            os._exit(0)
        while data := connection.recv(CHUNK):
            while data:
                data = data[os.write(1, data) :]
    os._exit(0)

