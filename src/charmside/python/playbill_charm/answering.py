"""The calls of one event that are handed over: how the listener for them comes to the server, and when the
server answers.
"""

import array
import os
import select
import socket

# Where a child sends the listener; closed before it becomes the charm.
LISTENER = 4


def hand_over(calls, needed=False):
    """In the child. A kernel that cannot hand calls over answers them itself, unless that is what keeps it in."""
    with socket.socket(fileno=LISTENER) as server:
        try:
            listener = calls and calls.install()
        except OSError:
            if needed:
                raise
            return
        if listener is not None:
            rights = array.array('i', [listener])
            server.sendmsg([b'.'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            os.close(listener)


class Answering:
    """In the server, whose poller this is asked with."""

    def __init__(self, arriving, poller, answer):
        self.answer = answer
        self.arriving = arriving
        self.poller = poller
        self.listener = None
        poller.register(arriving, select.POLLIN)

    def look(self, ready):
        if self.listener in ready:
            if ready[self.listener] & select.POLLIN:
                self.answer(self.listener)
            else:
                self.poller.unregister(self.listener)
        elif self.arriving.fileno() in ready:
            self.poller.unregister(self.arriving)
            for _level, _kind, data in self.arriving.recvmsg(1, socket.CMSG_LEN(4))[1]:
                (self.listener,) = array.array('i', data)
                self.poller.register(self.listener, select.POLLIN)

    def close(self):
        self.arriving.close()
        if self.listener is not None:
            os.close(self.listener)
