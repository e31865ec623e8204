"""What a process and all that it starts may do with files, by folder; asked of the kernel without any rights.

Source: landlock(7), landlock_create_ruleset(2); linux/landlock.h.
Not seen by it: stat(2), chmod(2), chown(2), times, extended attributes, sockets of files (confined.py answers those).
"""

import os
import stat
import struct

from .linux import PR_SET_NO_NEW_PRIVS, call, prctl

CREATE, ADD, RESTRICT = 444, 445, 446
# What a file can have; the others are of folders.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK = 16, 32, 64, 128, 256, 512
MAKE_FIFO, MAKE_BLOCK, MAKE_SYM, REFER, TRUNCATE, IOCTL_DEV = 1024, 2048, 4096, 8192, 16384, 32768
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

READ = EXECUTE | READ_FILE | READ_DIR
CHANGE = (
    READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM
) | (REFER | TRUNCATE)
USE = READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV
# Linux 6.2: before it a file can be cut short by whoever may not write to it.
LEAST = 3
IOCTL_SINCE, NET_SINCE, SCOPE_SINCE = 5, 4, 6
EVERYTHING = 0x1
PATH_BENEATH = 1


def version():
    """Which of its versions the kernel has; 0 where it has none, or keeps it to itself."""
    try:
        return call(CREATE, 0, 0, EVERYTHING)
    except OSError:
        return 0


class Ruleset:
    def __init__(self, known):
        self.handled = CHANGE | MAKE_CHAR | MAKE_BLOCK | (IOCTL_DEV if known >= IOCTL_SINCE else 0)
        # No port is bound or connected to; no signal and no abstract socket reaches anybody else.
        attributes = struct.pack('QQQ', self.handled, 3, 3)
        size = 24 if known >= SCOPE_SINCE else 16 if known >= NET_SINCE else 8
        self.file = call(CREATE, attributes[:size], size, 0)

    def allow(self, path, access):
        """Below a folder, or of one file. What is not there needs no leave."""
        try:
            file = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        try:
            access &= self.handled
            if not stat.S_ISDIR(os.fstat(file).st_mode):
                access &= OF_FILES
            call(ADD, self.file, PATH_BENEATH, struct.pack('=Qi', access, file), 0)
        finally:
            os.close(file)

    def restrict(self):
        """From here on, and for good."""
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        call(RESTRICT, self.file, 0)
        os.close(self.file)
