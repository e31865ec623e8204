"""Without a sandbox (--no-sandbox): the same server on the host itself, everything under one
folder of its own.

For charms that are trusted, where no sandbox can be made. Paths differ from Juju's by that
folder's name, in the environment too; /tmp, the network and whatever the user may write are the
host's.
Not modelled: hosts without perl, the machine's files, machine commands under absolute paths, a
shell's requests to a container's socket, limits on processes before they are counted.
"""

import json
import os
import shutil
import signal
import socket
import sys

from . import charm_dir, linux, places
from .outside import OutsideBare
from .root_view import copy_loader
from .stage_files import TOLD, links_of

PR_SET_CHILD_SUBREAPER = 36


def build(plan):
    """Lays out the folder on the host; runs in the launcher, where places.ROOT is not known yet."""
    own = f'{plan["bare"]}/opt/playbill'
    for folder in (
        f'{own}/stage',
        f'{own}/bytecode',
        f'{plan["bare"]}/bin',
        f'{plan["bare"]}/site',
    ):
        os.makedirs(folder)
    os.symlink(plan['charmside'], f'{own}/charmside')
    os.symlink(f'{plan["charmside"]}/client', f'{own}/client')
    os.symlink(plan['clock'], f'{own}/clock')
    os.symlink(plan['sockets'], f'{own}/sockets')
    os.symlink('../sockets/agent', f'{own}/stage/agent.socket')
    os.symlink(shutil.which('date', path='/usr/bin:/bin'), f'{own}/host-date')
    shutil.copytree(plan['folder'], f'{own}/charm', symlinks=True)
    os.mkdir(f'{own}/project')
    copy_loader(plan, f'{own}/project')
    for name in plan['machineCommands']:
        os.symlink(f'{own}/client/machine-command', f'{plan["bare"]}/bin/{name}')
    os.symlink(f'{own}/client/date', f'{plan["bare"]}/bin/date')
    if plan['packages']:
        os.symlink(plan['packages'], f'{own}/packages')
        add_python(plan, own)


def add_python(plan, own):
    site = f'{plan["bare"]}/site'
    with open(f'{site}/sitecustomize.py', 'w', encoding='utf-8') as file:
        file.write(
            f"import sys\nsys.path.insert(0, '{own}/charmside/python')\n"
            'import playbill_charm.fresh\n'
        )
    program = f'{plan["bare"]}/bin/python3'
    with open(program, 'w', encoding='utf-8') as file:
        file.write(
            "#!/usr/bin/perl\n$ENV{PYTHONHASHSEED} = '0';\n"
            f"$ENV{{PYTHONPATH}} = join ':', grep {{ length }} $ENV{{PYTHONPATH}}, '{site}';\n"
            f"exec {{'{sys.executable}'}} '{sys.executable}', @ARGV;\n"
        )
    os.chmod(program, 0o755)


def server_command(plan, settings):
    start = (
        f"import sys; sys.path.insert(0, '{plan['bare']}/opt/playbill/charmside/python'); "
        'from playbill_charm.server import main; del sys.path[0]; main(sys.argv[1])'
    )
    return [sys.executable, '-s', '-c', start, json.dumps(settings, sort_keys=True)]


def room(settings):
    linux.prctl(PR_SET_CHILD_SUBREAPER, 1)
    return Files(settings['places']), View(settings)


class Files:
    """stage_files.StageFiles without mounts."""

    def __init__(self, sockets):
        self.sockets = {name: f'{places.OWN}/sockets/{file}' for name, file in sockets.items()}

    def prepare(self, job):
        told = {name: job[name] for name in TOLD}
        with open(f'{places.STAGE}/job.json', 'w', encoding='utf-8') as file:
            json.dump(told, file)


class View:
    """view.View without mounts: a copy of the charm's files for each event."""

    def __init__(self, settings):
        unit = settings['unit']
        self.charm = places.charm_dir(unit)
        self.agent = places.agent_dir(unit)
        self.commands = places.commands_dir(unit)
        self.packages = settings['packages']
        # Where a charm may not write the host's.
        self.temporary = f'{places.ROOT}/tmp' if settings.get('confined') else None

    def open(self, job, sockets):
        os.makedirs(self.commands)
        for name in ('charm', 'run', 'tmp') if self.temporary else ():
            os.makedirs(f'{places.ROOT}/{name}')
        if self.temporary and 'environment' in job:
            job['environment']['TMPDIR'] = self.temporary
        for name, target in links_of(job)[0].items() if 'commands' in job else ():
            os.symlink(target, f'{self.commands}/{name}')
        charm_dir.fill_copy(self.charm, f'{places.OWN}/charm', job['charmDir'])
        if self.packages:
            os.symlink(f'{places.OWN}/packages', f'{self.charm}/venv')
        os.symlink(sockets['agent'], f'{self.agent}/agent.socket')
        if 'terminal' in sockets:
            os.symlink(sockets['terminal'], f'{self.agent}/terminal.socket')
        if job.get('snapd'):
            os.makedirs(f'{places.ROOT}/run', exist_ok=True)
            os.symlink(sockets['snapd'], f'{places.ROOT}/run/snapd.socket')
        for name in job['containers']:
            os.makedirs(f'{places.ROOT}/charm/containers/{name}')
            target = f'{places.ROOT}/charm/containers/{name}/pebble.socket'
            os.symlink(sockets[f'container {name}'], target)
        self.outside = OutsideBare()
        self.outside.lay_out(job)

    def gather(self, budget):
        if self.packages:
            os.unlink(f'{self.charm}/venv')
        changes = charm_dir.gather_copy(self.charm, f'{places.OWN}/charm', budget)
        return {'changes': changes, 'folders': self.outside.gather(budget), 'root': None}

    def close(self):
        for name in ('var', 'charm', 'run', *(('tmp',) if self.temporary else ())):
            shutil.rmtree(f'{places.ROOT}/{name}', ignore_errors=True)


def move_environment(environment):
    for name, value in environment.items():
        environment[name] = value.replace('/var/lib/juju', places.JUJU)


def map_sockets():
    """Containers' sockets are not at the top of the host; Python's connect finds them where they
    are.
    """
    connect = socket.socket.connect

    def mapped(self, address):
        if isinstance(address, str) and address.startswith(('/charm/', '/run/snapd.socket')):
            address = places.ROOT + address
        return connect(self, address)

    socket.socket.connect = mapped


def descendants():
    """Process numbers, as text, of all that this process started and that its children did."""
    parents = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat', encoding='utf-8', errors='replace') as file:
                parents[name] = file.read().rpartition(')')[2].split()[1]
        except OSError:
            continue
    found, me = [], str(os.getpid())
    for name in parents:
        at = name
        while at in parents and at != me:
            at = parents[at]
        if at == me and name != me:
            found.append(name)
    return found


def kill_descendants():
    while living := [name for name in descendants() if not is_dead(name)]:
        for name in living:
            try:
                os.kill(int(name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def is_dead(name):
    try:
        with open(f'/proc/{name}/stat', encoding='utf-8', errors='replace') as file:
            return file.read().rpartition(')')[2].split()[0] in 'ZX'
    except OSError:
        return True
