"""Makes the sandbox and starts the server in it as its first process. Runs on the host with
`python3 -I`.

Two layers of namespaces. The outer one builds the root and is what its mounts belong to. The
inner one, where the server and the charm live, has a user namespace of its own in which uid 0 is
an ordinary user outside: a remount, a write under /proc/sys or a process beyond the limit is
refused there, whoever started Playbill.

argv[1] is the plan, as JSON (see open-stage.ts). Descriptors: 0 control in, 3 control out, 2
diagnostics.
Not modelled: ids other than root's (chown to them fails, as does setgroups).
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from playbill_charm import linux  # noqa: E402
from playbill_charm.root_view import NO_PROC, build_root, server_command  # noqa: E402

NOBODY = 65534
CONTROL_OUT = 3
INNER = linux.CLONE_NEWUSER | linux.CLONE_NEWNS | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC


class Refused(Exception):
    """A step of making the sandbox that the host does not allow."""

    def __init__(self, step, error):
        super().__init__(f'{step}: {error}')
        self.step = step
        self.errno = getattr(error, 'errno', None)


def attempt(step, action, *arguments):
    try:
        return action(*arguments)
    except OSError as error:
        raise Refused(step, error) from error


def maps_nobody():
    """Whether this process is root and may hand a process to uid 65534."""
    if os.geteuid() != 0:
        return False
    with open('/proc/self/uid_map', encoding='ascii') as lines:
        ranges = [tuple(map(int, line.split())) for line in lines]
    return any(inside <= NOBODY < inside + count for inside, _, count in ranges)


def write(path, text):
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)


def map_ids(pid, uid, gid):
    write(f'/proc/{pid}/setgroups', 'deny')
    write(f'/proc/{pid}/uid_map', f'0 {uid} 1')
    write(f'/proc/{pid}/gid_map', f'0 {gid} 1')


def map_self(proc, outer_id):
    for name, text in (
        ('setgroups', 'deny'),
        ('uid_map', f'0 {outer_id} 1'),
        ('gid_map', f'0 {outer_id} 1'),
    ):
        file = os.open(f'self/{name}', os.O_WRONLY, dir_fd=proc)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def enter_outer(as_root):
    """Namespaces that own the mounts. The caller must fork to be in the new pid namespace."""
    flags = (
        linux.CLONE_NEWNS
        | linux.CLONE_NEWPID
        | linux.CLONE_NEWIPC
        | linux.CLONE_NEWUTS
        | linux.CLONE_NEWNET
    )
    if as_root:
        attempt('namespaces', linux.unshare, flags)
        os.setgroups([])
    else:
        uid, gid = os.geteuid(), os.getegid()
        attempt('user namespace', linux.unshare, flags | linux.CLONE_NEWUSER)
        attempt('user namespace', map_ids, 'self', uid, gid)
    attempt('private mounts', linux.mount, None, '/', None, linux.MS_REC | linux.MS_PRIVATE)


def enter_inner(outer_id, host_proc):
    """A user namespace in which uid 0 is `outer_id` of the outer one, with its own mounts, names
    and queues.
    """
    if host_proc is not None:
        # Without a /proc of its own this process is found in the host's, which only shows it to
        # itself.
        attempt('nested user namespace', linux.unshare, INNER)
        attempt('nested user namespace', map_self, host_proc, outer_id)
        os.close(host_proc)
        return
    ready_read, ready_write = os.pipe()
    done_read, done_write = os.pipe()
    me = os.getpid()
    helper = os.fork()
    if helper == 0:
        code = 1
        try:
            os.read(ready_read, 1)
            map_ids(me, outer_id, outer_id)
            os.write(done_write, b'.')
            code = 0
        finally:
            os._exit(code)
    attempt('nested user namespace', linux.unshare, INNER)
    os.write(ready_write, b'.')
    os.close(done_write)
    if os.read(done_read, 1) != b'.':
        raise Refused('nested user namespace', OSError('the id map was refused'))
    os.waitpid(helper, 0)
    for end in (ready_read, ready_write, done_read):
        os.close(end)
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def open_output(path):
    """The writing end of a named pipe, held open so that neither side ever waits for the other to
    come.
    """
    keeper = os.open(path, os.O_RDWR)
    writer = os.open(path, os.O_WRONLY)
    os.set_inheritable(keeper, True)
    os.set_inheritable(writer, True)
    return writer


def closed_ports():
    """Lets the charm, which Juju runs as root, listen on any port of its own network; answers the
    rung that is taken where the host keeps that setting to itself.
    """
    try:
        write('/proc/sys/net/ipv4/ip_unprivileged_port_start', '0')
    except OSError:
        return ['network: no listening below port 1024']
    return []


def first_process(plan, outer_id):
    linux.die_with_parent()
    outputs = [open_output(path) for path in plan['outputs']]
    attempt('loopback', linux.loopback_up)
    closed = closed_ports()
    host_proc = os.open('/proc', os.O_PATH)
    rungs = attempt('root', build_root, plan, outer_id) + closed
    enter_inner(outer_id, host_proc if NO_PROC in rungs else None)
    # A change of ids has cleared it.
    linux.die_with_parent()
    settings = settings_for(plan, outputs, rungs)
    os.set_inheritable(0, True)
    os.set_inheritable(CONTROL_OUT, True)
    # Objects' addresses, which charms print, are then the same in every run.
    linux.fix_addresses()
    command = server_command(plan, settings)
    os.execve(command[0], command, {'LANG': 'C.UTF-8', 'PYTHONHASHSEED': '0'})


def interpreter():
    """This interpreter's installation: the one the server, and the charm if it is in Python, will
    run with.
    """
    prefix = os.path.realpath(sys.base_prefix)
    executable = os.path.realpath(sys.executable)
    if os.path.commonpath([prefix, executable]) != prefix:
        raise Refused('interpreter', OSError(f'{executable} is not under {prefix}'))
    return {
        'prefix': prefix,
        'relative': os.path.relpath(executable, prefix),
        'version': f'{sys.version_info.major}.{sys.version_info.minor}',
        'libraries': f'lib/{os.uname().machine}-linux-gnu',
    }


def start_bare(plan):
    """No sandbox: the server takes this process's place."""
    from playbill_charm import bare

    outputs = [open_output(path) for path in plan['outputs']]
    bare.build(plan)
    linux.fix_addresses()
    command = bare.server_command(plan, settings_for(plan, outputs, ['no sandbox']))
    os.execve(command[0], command, {'LANG': 'C.UTF-8', 'PYTHONHASHSEED': '0'})


def settings_for(plan, outputs, rungs):
    """What the server is told; nothing in it names a path of the host."""
    return {
        'unit': plan['unit'],
        'control': [0, CONTROL_OUT],
        'outputs': outputs,
        'rungs': rungs,
        'main': plan['main'],
        'packages': plan['packages'] is not None,
        'fork': plan['fork'],
        'layers': plan['layers'],
        'folders': plan['folders'],
        'prefix': plan['interpreter']['prefix'],
        'places': plan['places'],
    }


def main():
    plan = {**json.loads(sys.argv[1]), 'interpreter': interpreter()}
    plan['perl'] = plan['layers'] and os.path.exists('/usr/bin/perl')
    linux.die_with_parent()
    os.closerange(CONTROL_OUT + 1, 1 << 20)
    os.umask(0o022)
    for path in plan['outputs']:
        os.mkfifo(path)
        os.chmod(path, 0o666)
    if plan['bare']:
        return start_bare(plan)
    as_root = maps_nobody()
    enter_outer(as_root)
    child = os.fork()
    if child == 0:
        refusing(first_process, plan, NOBODY if as_root else 0)
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


def refusing(action, *arguments):
    """Runs `action`; what it could not do goes to the other side as a frame, and the process
    ends.
    """
    try:
        action(*arguments)
    except Refused as refusal:
        frame = {
            'kind': 'refused',
            'step': refusal.step,
            'errno': refusal.errno,
            'message': str(refusal),
        }
        os.write(CONTROL_OUT, (json.dumps(frame) + '\n').encode())
        os._exit(3)


if __name__ == '__main__':
    refusing(main)
