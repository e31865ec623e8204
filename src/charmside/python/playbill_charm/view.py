"""What one event sees that no other event does: /tmp, /run, /dev/shm, /var/lib/juju, /charm, the
charm directory.

All of it lies on one tmpfs, made before the event and gone after it.
"""

import os

from . import charm_dir, linux, places
from .outside import Outside
from .places import OWN, SCRATCH, STAGE
from .root_view import CHARM_LOWER

ROOM = 256 << 20
BOUND = {
    'tmp': '/tmp',
    'run': '/run',
    'vartmp': '/var/tmp',
    'shm': '/dev/shm',
    'juju': '/var/lib/juju',
    'charm': '/charm',
}


class View:
    def __init__(self, unit, packages, layers):
        self.layers = layers
        self.charm = places.charm_dir(unit)
        self.agent = places.agent_dir(unit)
        self.commands = places.commands_dir(unit)
        self.packages = packages
        self.scratch = None
        self.outside = Outside(linux.bind)

    def open(self, job, sockets):
        size = ROOM + 2 * job['limits']['files']
        options = f'mode=755,size={size},nr_inodes=200000'
        linux.mount('tmpfs', SCRATCH, 'tmpfs', linux.MS_NOSUID | linux.MS_NODEV, options)
        os.chdir(SCRATCH)
        for name in (*BOUND, 'upper', 'work'):
            os.mkdir(name)
        for name in ('tmp', 'vartmp', 'shm'):
            os.chmod(name, 0o1777)
        fill = charm_dir.fill if self.layers else charm_dir.fill_copy
        fill('upper', CHARM_LOWER, job['charmDir'])
        for name, target in BOUND.items():
            linux.bind(name, target)
        self.fill_juju(sockets)
        self.fill_containers(job['containers'], sockets)
        self.outside = Outside(linux.bind)
        try:
            self.outside.lay_out(job)
        finally:
            self.scratch = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
            os.chdir('/')
            linux.unmount(SCRATCH)

    def fill_juju(self, sockets):
        for folder in (self.charm, self.commands):
            os.makedirs(folder)
        if self.layers:
            charm_dir.mount_layers(CHARM_LOWER, f'{SCRATCH}/upper', f'{SCRATCH}/work', self.charm)
        else:
            linux.bind(f'{SCRATCH}/upper', self.charm)
        if self.packages:
            linux.bind(f'{OWN}/packages', f'{self.charm}/venv')
        linux.bind(f'{STAGE}/commands', self.commands)
        self.show_socket(sockets['agent'], f'{self.agent}/agent.socket')

    def fill_containers(self, names, sockets):
        for name in names:
            os.makedirs(f'/charm/containers/{name}')
            self.show_socket(
                sockets[f'container {name}'], f'/charm/containers/{name}/pebble.socket'
            )

    def show_socket(self, socket, target):
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o644))
        linux.bind_open(socket, target)

    def gather(self, budget):
        """Changes of the charm directory, and of each folder outside of it."""
        os.fchdir(self.scratch)
        try:
            gather = charm_dir.gather if self.layers else charm_dir.gather_copy
            return gather('upper', CHARM_LOWER, budget), self.outside.gather(budget)
        finally:
            os.chdir('/')

    def close(self):
        for target in (*reversed(self.outside.covered), *BOUND.values()):
            linux.unmount(target)
        os.close(self.scratch)
        self.scratch = None
