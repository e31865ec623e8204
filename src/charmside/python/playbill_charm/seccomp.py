"""A filter that hands some system calls of a process, and of all below it, to another process.

Source: seccomp(2), seccomp_unotify(2), linux/filter.h; arch/*/syscall.tbl for the numbers.
Not modelled: programs of another architecture than the kernel's own (their calls are not handed over).
"""

import ctypes
import fcntl
import platform
import stat
import struct

from .linux import call

NUMBERS = {
    'x86_64': {
        'arch': 0xC000003E,
        'seccomp': 317,
        'openat2': 437,
        'chown': 92,
        'fchown': 93,
        'lchown': 94,
        'fchownat': 260,
        'mknod': 133,
        'mknodat': 259,
        'kill': 62,
        'tkill': 200,
        'tgkill': 234,
        'rt_sigqueueinfo': 129,
        'rt_tgsigqueueinfo': 297,
        'pidfd_send_signal': 424,
        'setuid': 105,
        'setgid': 106,
        'setreuid': 113,
        'setregid': 114,
        'setgroups': 116,
        'setresuid': 117,
        'setresgid': 119,
        'setfsuid': 122,
        'setfsgid': 123,
    },
    'aarch64': {
        'arch': 0xC00000B7,
        'seccomp': 277,
        'openat2': 437,
        'fchown': 55,
        'fchownat': 54,
        'mknodat': 33,
        'kill': 129,
        'tkill': 130,
        'tgkill': 131,
        'rt_sigqueueinfo': 138,
        'rt_tgsigqueueinfo': 240,
        'pidfd_send_signal': 424,
        'setuid': 146,
        'setgid': 144,
        'setreuid': 145,
        'setregid': 143,
        'setgroups': 159,
        'setresuid': 147,
        'setresgid': 149,
        'setfsuid': 151,
        'setfsgid': 152,
    },
}
KNOWN = NUMBERS.get(platform.machine(), {})
NODES = ('mknod', 'mknodat')
OWNERS = (
    *('chown', 'fchown', 'lchown', 'fchownat', 'setuid', 'setgid', 'setreuid', 'setregid'),
    *('setgroups', 'setresuid', 'setresgid', 'setfsuid', 'setfsgid'),
)
# Which of their arguments is the signal.
SIGNALS = {
    'kill': 1,
    'tkill': 1,
    'tgkill': 2,
    'rt_sigqueueinfo': 1,
    'rt_tgsigqueueinfo': 2,
    'pidfd_send_signal': 1,
}
ALLOW, HAND_OVER = 0x7FFF0000, 0x7FC00000
RECEIVE, SEND, IS_VALID = 0xC0502100, 0xC0182101, 0x40082102
CONTINUE = 1
# BPF: load a word, jump if equal, AND, return.
LOAD, EQUAL, AND, RETURN = 0x20, 0x15, 0x54, 0x06


def filter_for(names, asking=False):
    """The instructions as bytes, and their buffer, which has to outlive the call. `asking`: signal 0, which only
    asks whether a process is there, is handed over too.
    """
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, KNOWN['arch']), (RETURN, 0, 0, ALLOW), (LOAD, 0, 0, 0)]
    for name in names:
        if name not in KNOWN:
            continue
        if name in NODES:
            # Only devices: pipes and plain files can be made as they are.
            word = 16 + 8 * (1 if name == 'mknod' else 2)
            steps += [
                (EQUAL, 0, 6, KNOWN[name]),
                (LOAD, 0, 0, word),
                (AND, 0, 0, 0o170000),
                (EQUAL, 1, 0, stat.S_IFCHR),
                (EQUAL, 0, 1, stat.S_IFBLK),
                (RETURN, 0, 0, HAND_OVER),
                (RETURN, 0, 0, ALLOW),
            ]
        elif name in SIGNALS and not asking:
            steps += [
                (EQUAL, 0, 4, KNOWN[name]),
                (LOAD, 0, 0, 16 + 8 * SIGNALS[name]),
                (EQUAL, 0, 1, 0),
                (RETURN, 0, 0, ALLOW),
                (RETURN, 0, 0, HAND_OVER),
            ]
        else:
            steps += [(EQUAL, 0, 1, KNOWN[name]), (RETURN, 0, 0, HAND_OVER)]
    steps.append((RETURN, 0, 0, ALLOW))
    code = b''.join(struct.pack('HBBI', *step) for step in steps)
    return len(steps), ctypes.create_string_buffer(code, len(code))


class Filter:
    def __init__(self, names, asking=False):
        self.count, self.code = filter_for(names, asking)
        self.program = struct.pack('HxxxxxxP', self.count, ctypes.addressof(self.code))

    def install(self):
        """For this process and whatever it executes; answers the descriptor of what is handed over."""
        return call(KNOWN['seccomp'], 1, 8, self.program)


class HandedOver:
    """One call, and its answer."""

    def __init__(self, listener):
        self.listener = listener
        data = bytearray(80)
        fcntl.ioctl(listener, RECEIVE, data)
        self.id, self.pid = struct.unpack_from('QI', data)
        self.number = struct.unpack_from('i', data, 16)[0]
        self.arguments = struct.unpack_from('6Q', data, 32)

    def is_there(self):
        """Whether the caller still waits, so that what was read of it was its own."""
        try:
            fcntl.ioctl(self.listener, IS_VALID, struct.pack('Q', self.id))
        except OSError:
            return False
        return True

    def answer(self, error=0):
        self.send(struct.pack('QqiI', self.id, 0, -error, 0))

    def go_on(self):
        """The kernel is to do as it was asked."""
        self.send(struct.pack('QqiI', self.id, 0, 0, CONTINUE))

    def send(self, data):
        try:
            fcntl.ioctl(self.listener, SEND, bytearray(data))
        except OSError:
            # The caller was killed meanwhile.
            return
