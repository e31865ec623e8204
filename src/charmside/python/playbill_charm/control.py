"""The control protocol with the engine: one JSON object a line, `kind` in each. See
control-frames.ts, its other side.

From here: hello, ended, rooted, staged, signal; refused comes from the launcher. To here: fork, kill, root,
processes, signalled. A new shape is a new PROTOCOL; the engine refuses another one.
"""

import json
import os

PROTOCOL = 7


class Control:
    """Both directions over two descriptors. `receive` answers None once the other side is gone."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.pending = bytearray()

    def send(self, kind, **members):
        line = memoryview(frame_line(kind, **members))
        while line:
            line = line[os.write(self.writer, line) :]

    def receive(self):
        while True:
            end = self.pending.find(b'\n')
            if end >= 0:
                line = bytes(self.pending[:end])
                del self.pending[: end + 1]
                return json.loads(line)
            more = os.read(self.reader, 1 << 16)
            if not more:
                return None
            self.pending += more

    def has_frame(self):
        """Whether a frame came along with the one before it: no poll tells of that any more."""
        return b'\n' in self.pending

    def receive_kill(self, change, stubs=None):
        """A frame during an event: kill, or what is to become of the machine's root or of its simulated
        processes. The other side gone means kill.
        """
        frame = self.receive()
        if frame is None:
            os._exit(0)
        if frame['kind'] == 'root':
            self.send('rooted', refused=change(frame['changes']))
        elif frame['kind'] == 'processes':
            self.send('staged', refused=stubs.change(frame['start'], frame['end']))
        elif frame['kind'] == 'signalled':
            stubs.signals.heard(frame['number'])
        return frame['kind'] == 'kill'


def frame_line(kind, **members):
    text = json.dumps({'kind': kind, **members}, sort_keys=True, separators=(',', ':'))
    return text.encode('ascii') + b'\n'
