"""Makes the sandbox and starts the server in it as its first process. Runs on the host with
`python3 -I`.

Two layers of namespaces. The outer one builds the root and is what its mounts belong to. The
inner one, where the server and the charm live, has a user namespace of its own in which uid 0 is
an ordinary user outside: a remount, a write under /proc/sys or a process beyond the limit is
refused there, whoever started Playbill.

argv[1] is the plan, as JSON (see open-stage.ts). Descriptors: 0 control in, 3 control out, 2
diagnostics.
"""

import json
import os
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from playbill_charm import ids, linux, stub_maker  # noqa: E402
from playbill_charm.root_view import NO_PROC, build_root, server_command  # noqa: E402

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


def write(path, text):
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)


def map_ids(pid, lines):
    """`lines` for users and for groups alike. One id can be mapped by anybody, without setgroups(2)."""
    if len(lines) == 1 and lines[0][2] == 1:
        write(f'/proc/{pid}/setgroups', 'deny')
    for name in ('uid_map', 'gid_map'):
        write(f'/proc/{pid}/{name}', ''.join(f'{" ".join(map(str, line))}\n' for line in lines))


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
    """Namespaces that own the mounts; answers whose the sandbox's files are in them. The caller must fork to
    be in the new pid namespace.
    """
    flags = (
        linux.CLONE_NEWNS
        | linux.CLONE_NEWPID
        | linux.CLONE_NEWIPC
        | linux.CLONE_NEWUTS
        | linux.CLONE_NEWNET
    )
    if as_root:
        given = ids.of_root()
        attempt('namespaces', linux.unshare, flags)
        os.setgroups([])
    else:
        given = attempt('user namespace', enter_as_user, flags)
    attempt('private mounts', linux.mount, None, '/', None, linux.MS_REC | linux.MS_PRIVATE)
    return given


def enter_as_user(flags):
    own = os.geteuid(), os.getegid()
    given = ids.subordinate()
    if given is not None:
        mapped = from_outside(
            lambda: linux.unshare(flags | linux.CLONE_NEWUSER),
            lambda pid: ids.map_subordinate(pid, own, given),
        )
        if mapped:
            os.setgroups([])
            return ids.Ids(0, [(0, 0, 1), (1, 1, ids.COUNT - 1)])
    else:
        linux.unshare(flags | linux.CLONE_NEWUSER)
    write('/proc/self/setgroups', 'deny')
    write('/proc/self/uid_map', f'0 {own[0]} 1')
    write('/proc/self/gid_map', f'0 {own[1]} 1')
    return ids.Ids(0, [(0, 0, 1)])


def enter_inner(given, host_proc):
    """A user namespace in which uid 0 is an ordinary user of the outer one, with its own mounts, names
    and queues.
    """
    step = 'nested user namespace'
    if host_proc is not None:
        # Without a /proc of its own this process is found in the host's, which only shows it to
        # itself.
        attempt(step, linux.unshare, INNER)
        attempt(step, map_self, host_proc, given.root)
        os.close(host_proc)
        return
    mapped = from_outside(
        lambda: attempt(step, linux.unshare, INNER), lambda pid: map_ids(pid, given.lines) or True
    )
    if not mapped:
        raise Refused(step, OSError('the id map was refused'))
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    if not given.single:
        os.setgroups([])


def from_outside(enter, done):
    """Enters namespaces; then a process that stayed outside does what only it may, on this one. Answers
    whether it could.
    """
    ready_read, ready_write = os.pipe()
    done_read, done_write = os.pipe()
    me = os.getpid()
    helper = os.fork()
    if helper == 0:
        code = 1
        try:
            os.read(ready_read, 1)
            os.write(done_write, b'.' if done(me) else b'!')
            code = 0
        finally:
            os._exit(code)
    enter()
    os.write(ready_write, b'.')
    os.close(done_write)
    could = os.read(done_read, 1) == b'.'
    os.waitpid(helper, 0)
    for end in (ready_read, ready_write, done_read):
        os.close(end)
    return could


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


def first_process(plan, given, link):
    linux.die_with_parent()
    outputs = [open_output(path) for path in plan['outputs']]
    attempt('loopback', linux.loopback_up)
    closed = closed_ports()
    host_proc = os.open('/proc', os.O_PATH)
    rungs = attempt('root', build_root, plan, given.root) + closed
    if given.single or NO_PROC in rungs:
        rungs.append(ids.ONE)
    enter_inner(given, host_proc if NO_PROC in rungs else None)
    # A change of ids has cleared it.
    linux.die_with_parent()
    settings = settings_for(plan, outputs, rungs)
    settings['stubs'] = linked(link, rungs)
    os.set_inheritable(0, True)
    os.set_inheritable(CONTROL_OUT, True)
    # Objects' addresses, which charms print, are then the same in every run.
    linux.fix_addresses()
    command = server_command(plan, settings)
    os.execve(command[0], command, {'LANG': 'C.UTF-8', 'PYTHONHASHSEED': '0'})


def linked(link, rungs):
    """The descriptor over which the server has processes made that stand for simulated ones, or None."""
    if NO_PROC in rungs or not stub_maker.can_make():
        rungs.append('processes: simulated ones are not to be seen')
        return None
    stub_maker.hand_namespace(link)
    os.set_inheritable(link.fileno(), True)
    return link.detach()


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
    rungs, told = ['no sandbox'], {}
    if plan['confined']:
        from playbill_charm import confined

        attempt('confinement', confined.try_out, plan['bare'])
        rungs = [confined.RUNG]
        prefix = [os.path.realpath(sys.prefix), plan['interpreter']['prefix']]
        told = {'confined': True, 'readable': prefix, 'pipes': plan['outputs']}
    bare.build(plan)
    linux.fix_addresses()
    command = bare.server_command(plan, {**settings_for(plan, outputs, rungs), **told})
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
    counter = stub_maker.open_counter()
    given = enter_outer(ids.maps_nobody())
    ours, its = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        refusing(first_process, plan, given, its)
    its.close()
    status = stub_maker.serve(child, ours, counter)
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
