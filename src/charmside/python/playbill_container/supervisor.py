"""The first process of a container's sandbox: starts programs, carries what they are told and what
they print, reads and writes files, until the engine hangs up.

A frame is a line of JSON, and behind it as many bytes as its `size` says. container-frames.ts is
the other side.
"""

import json
import os
import selectors
import signal

from playbill_charm import linux, processes

from .files import OwnFiles, write_all
from .programs import CHUNK, Failed, Program, find, spelled

PROTOCOL = 1
TICK_SECONDS = 0.1
NAMES = {one.value: one.name for one in signal.Signals}


class Supervisor:
    def __init__(self, reader, writer, own_files, limits):
        self.reader = reader
        self.writer = writer
        self.own_files = own_files
        self.limits = limits
        self.programs = {}
        # Programs, and what they left behind: orphans are this process's own.
        self.children = False
        self.pending = bytearray()
        self.selector = selectors.DefaultSelector()

    def run(self, rungs, made):
        wake, ring = os.pipe()
        os.set_blocking(ring, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
        self.listen(wake, selectors.EVENT_READ, lambda: os.read(wake, CHUNK))
        self.listen(self.reader, selectors.EVENT_READ, self.receive)
        self.tell('hello', protocol=PROTOCOL, rungs=rungs, made=made)
        while True:
            for key, _ in self.selector.select(TICK_SECONDS if self.children else None):
                key.data()
            self.keep_limits()
            self.reap()

    def listen(self, descriptor, events, then):
        self.selector.register(descriptor, events, then)

    # What is told.

    def tell(self, kind, contents=b'', **members):
        line = json.dumps({'kind': kind, 'size': len(contents), **members}).encode() + b'\n'
        for part in (memoryview(line), memoryview(contents)):
            while part:
                part = part[os.write(self.writer, part) :]

    # What is asked.

    def receive(self):
        more = os.read(self.reader, CHUNK)
        if not more:
            os._exit(0)
        self.pending += more
        while (end := self.pending.find(b'\n')) >= 0:
            frame = json.loads(self.pending[:end])
            upto = end + 1 + frame.get('size', 0)
            while len(self.pending) < upto:
                more = os.read(self.reader, max(CHUNK, upto - len(self.pending)))
                if not more:
                    os._exit(0)
                self.pending += more
            contents = bytes(self.pending[end + 1 : upto])
            del self.pending[:upto]
            self.take(frame, contents)

    def take(self, frame, contents):
        kind = frame['kind']
        if kind == 'start':
            self.start(frame)
        elif kind in ('files', 'read', 'write', 'find'):
            self.answer(frame, contents)
        elif (program := self.programs.get(frame['id'])) is not None:
            if kind == 'signal':
                program.send(frame['number'], frame['group'])
            elif kind == 'input':
                program.waiting += contents
            elif kind == 'end':
                program.input_ends = True
            self.feed(program)

    def answer(self, frame, contents):
        try:
            value, out = self.asked(frame, contents)
            self.tell('answer', out, id=frame['id'], value=value)
        except OSError as error:
            words = f'{error.filename}: {spelled(error.errno or 5)}'
            self.tell('answer', id=frame['id'], error=words)

    def asked(self, frame, contents):
        kind = frame['kind']
        if kind == 'files':
            return None, json.dumps(self.own_files.all()).encode()
        if kind == 'read':
            found = self.own_files.read(frame['path'])
            return found is not None, found or b''
        if kind == 'find':
            return find(frame['name'], frame['path']), b''
        write_all(frame['entries'], contents)
        return None, b''

    # Programs.

    def start(self, frame):
        try:
            program = Program(frame, self.limits)
        except (Failed, OSError) as error:
            why = spelled(error.errno) if isinstance(error, OSError) else str(error)
            self.tell('exited', id=frame['id'], failed=why)
            return
        self.programs[program.id] = program
        self.children = True
        for descriptor in program.outputs:
            self.listen(descriptor, selectors.EVENT_READ, lambda at=descriptor: self.hear(program, at))

    def hear(self, program, descriptor):
        """Tells what a program printed; answers whether there may be more."""
        stream = program.outputs.get(descriptor)
        try:
            contents = b'' if stream is None else os.read(descriptor, CHUNK)
        except BlockingIOError:
            return False
        if contents:
            self.tell('output', contents, id=program.id, stream=stream)
        elif stream is not None:
            self.drop(descriptor)
            del program.outputs[descriptor]
            os.close(descriptor)
        return bool(contents)

    def drop(self, descriptor):
        if descriptor in self.selector.get_map():
            self.selector.unregister(descriptor)

    def feed(self, program):
        inputs = program.inputs
        if inputs is None:
            return
        more = program.feed()
        registered = inputs in self.selector.get_map()
        if more and not registered:
            self.listen(inputs, selectors.EVENT_WRITE, lambda: self.feed(program))
        elif not more and registered:
            self.drop(inputs)

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self.children = False
                return
            if pid == 0:
                return
            ended = [one for one in self.programs.values() if one.pid == pid]
            for program in ended:
                self.ended(program, os.waitstatus_to_exitcode(status))

    def ended(self, program, code):
        """What it had printed is told before its end; what its children print later, afterwards."""
        del self.programs[program.id]
        for descriptor in list(program.outputs):
            while self.hear(program, descriptor):
                pass
        if program.inputs is not None:
            self.drop(program.inputs)
            program.end_input()
        end = {'code': code} if code >= 0 else {'signal': NAMES.get(-code, f'SIG{-code}')}
        self.tell('exited', id=program.id, limit=program.over, **end)

    def keep_limits(self):
        over = processes.over_limit(self.limits) if self.children else None
        if over:
            for program in self.programs.values():
                program.over = over
            processes.kill_all()


def serve(own, root, reader, writer, limits):
    """Never returns."""
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    supervisor = Supervisor(reader, writer, OwnFiles(own, root.made), limits)
    supervisor.run(root.rungs, root.made)
