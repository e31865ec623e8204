"""Which ids of the host a sandbox's are: a range that belongs to nobody, where one may be mapped; else one.

Source: user_namespaces(7), newuidmap(1), subuid(5); login.defs for a range's usual size.
With one id only, owners other than root are on record (answers.py), with the same outcome in a State.
"""

import os
import shutil

NOBODY = 65534
COUNT = 65536
# Above what login.defs and systemd give out (systemd's UIDS-GIDS), below what a signed number holds.
FIRST = 0x70000000
GIVEN_OUT = ('/etc/subuid', '/etc/subgid')
ONE = 'ids: one, owners are kept on record'


class Ids:
    """`root`: whom the sandbox's root is outside of it; `lines`: the inner namespace's map."""

    def __init__(self, root, lines):
        self.root = root
        self.lines = lines
        self.single = len(lines) == 1 and lines[0][2] == 1


def maps_nobody():
    """Whether this process is root and may hand a process to uid 65534."""
    return os.geteuid() == 0 and is_mapped(NOBODY, 1)


def is_mapped(first, count):
    for name in ('uid_map', 'gid_map'):
        with open(f'/proc/self/{name}', encoding='ascii') as lines:
            ranges = [tuple(map(int, line.split())) for line in lines]
        if not any(low <= first and first + count <= low + size for low, _, size in ranges):
            return False
    return True


def of_root():
    """For root of the host: a whole range, unless the host says it is somebody's."""
    if is_mapped(FIRST, COUNT) and not is_anybodys(FIRST, COUNT):
        return Ids(FIRST, [(0, FIRST, COUNT)])
    return Ids(NOBODY, [(0, NOBODY, 1)])


def is_anybodys(first, count):
    for path, column in (('/etc/passwd', 2), ('/etc/group', 2)):
        for fields in table(path):
            if len(fields) > column and first <= number(fields[column]) < first + count:
                return True
    for path in GIVEN_OUT:
        for fields in table(path):
            low, size = number(fields[1]), number(fields[2])
            if low < first + count and first < low + size:
                return True
    return False


def table(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            rows = [line.rstrip('\n').split(':') for line in file]
    except OSError:
        return []
    return [fields for fields in rows if len(fields) >= 3]


def number(text):
    return int(text) if text.isdigit() else -1


def subordinate():
    """An ordinary user's own range, and what maps it: ((first uid, first gid), programs), or None."""
    programs = [shutil.which(name, path='/usr/bin:/bin') for name in ('newuidmap', 'newgidmap')]
    firsts = [first_of(path) for path in GIVEN_OUT]
    if None in programs or None in firsts:
        return None
    return tuple(firsts), tuple(programs)


def first_of(path):
    names = {str(os.geteuid()), user_name()}
    for name, first, size in (fields[:3] for fields in table(path)):
        if name in names and number(size) >= COUNT:
            return number(first)
    return None


def user_name():
    for fields in table('/etc/passwd'):
        if fields[2] == str(os.geteuid()):
            return fields[0]
    return ''


def map_subordinate(pid, own, given):
    """Maps root to the user and a range above it to the user's own; False when that is refused."""
    import subprocess

    nothing = subprocess.DEVNULL
    firsts, programs = given
    for program, mine, first in zip(programs, own, firsts):
        command = [program, str(pid), '0', str(mine), '1', '1', str(first), str(COUNT - 1)]
        ended = subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, check=False)
        if ended.returncode:
            return False
    return True
