"""Makes the sandbox of a workload container and becomes its first process. Runs on the host with
`python3 -I`; namespaces are made as launch.py makes a charm's.

The first frame that comes is the plan (see container-process.ts). Descriptors: 0 frames in, 3
frames out, 2 diagnostics.
"""

import ctypes
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from launch import (  # noqa: E402
    CONTROL_OUT,
    attempt,
    closed_ports,
    enter_inner,
    enter_outer,
    refusing,
)
from playbill_charm import ids, linux  # noqa: E402
from playbill_charm.root_view import NO_PROC  # noqa: E402
from playbill_container.root import Root  # noqa: E402
from playbill_container.supervisor import serve  # noqa: E402


def read_plan():
    line = bytearray()
    while not line.endswith(b'\n'):
        byte = os.read(0, 1)
        if not byte:
            sys.exit(0)
        line += byte
    return json.loads(line)


def forget_arguments():
    """What this process was started with names paths of the host."""
    with open('/proc/self/stat', encoding='ascii') as file:
        fields = file.read().rpartition(')')[2].split()
    for first, last in ((45, 46), (47, 48)):
        start, end = int(fields[first]), int(fields[last])
        ctypes.memset(start, 0, end - start)


def first_process(plan, given):
    linux.die_with_parent()
    attempt('loopback', linux.loopback_up)
    closed = closed_ports()
    host_proc = os.open('/proc', os.O_PATH)
    forget_arguments()
    root = Root(plan, given.root)
    own = attempt('root', root.build)
    root.rungs += closed
    enter_inner(given, host_proc if NO_PROC in root.rungs else None)
    # A change of ids has cleared it.
    linux.die_with_parent()
    linux.set_hostname(plan['hostname'])
    os.umask(0)
    serve(own, root, 0, CONTROL_OUT, plan['limits'])


def main():
    plan = read_plan()
    linux.die_with_parent()
    os.closerange(CONTROL_OUT + 1, 1 << 20)
    os.umask(0o022)
    os.chdir(plan['work'])
    root = enter_outer(ids.maps_nobody()).root
    child = os.fork()
    if child == 0:
        # On any host there is nobody but root.
        refusing(first_process, plan, ids.Ids(root, [(0, root, 1)]))
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


if __name__ == '__main__':
    refusing(main)
