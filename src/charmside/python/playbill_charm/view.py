"""What one event sees: the machine's root, whole, as a mount of its own that the server enters while it
lasts, so that all that it forks is inside.

Everything that is the event's own lies on one tmpfs: its layer of the root, the charm directory's, and
what is fresh in each event: /var/lib/juju, /charm, /dev/shm. The rest, /tmp and /run too, is kept with the
machine.
Not modelled: what a charm leaves in /dev/shm, or in Juju's own folders beside the charm directory.
"""

import os
import shutil
import struct

from . import base_root, charm_dir, linux, places
from .outside import Misplaced, Outside
from .places import CLIENT, CLOCK, JUJU, MACHINE, OWN, STAGE
from .roots import Roots

ROOM = 256 << 20
# From an event's own folder to the server's root, when neither is below the root entered.
SERVER = '../..'
FRESH = {'juju': '/var/lib/juju', 'charm': '/charm', 'shm': '/dev/shm'}
OWN_FOLDERS = (*FRESH, 'root-work', 'usr-work', 'charm-upper', 'charm-work')
LOWER = f'{SERVER}/opt/playbill/charm'


class View:
    def __init__(self, settings, layers):
        unit = settings['unit']
        self.layers = layers
        self.charm = places.charm_dir(unit)
        self.agent = places.agent_dir(unit)
        self.commands = places.commands_dir(unit)
        self.packages = settings['packages']
        self.server = os.open('/', os.O_RDONLY | os.O_DIRECTORY)
        self.scratch = None
        self.inside = False
        built = [] if layers else base_root.built_at(settings['prefix'])
        self.roots = Roots([*settings['folders'], *built], layers)
        tops = [f'/{name}' for name in base_root.tops()]
        self.shown = ('/proc', '/dev', '/opt/playbill', '/opt/python', *tops, *built)
        self.outside = Outside(linux.bind)

    def open(self, job, sockets):
        self.roots.tell(job['machine'])
        own = self.roots.begin(job['root'], ROOM + 2 * job['limits']['files'])
        os.chdir(f'{places.LAYERS}/{own}')
        self.scratch = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
        for name in OWN_FOLDERS:
            os.mkdir(name)
        os.chmod('shm', 0o1777)
        fill = charm_dir.fill if self.layers else charm_dir.fill_copy
        fill('charm-upper', LOWER, job['charmDir'])
        try:
            self.enter()
            self.fill_juju(sockets)
            self.fill_containers(job['containers'], sockets)
        except OSError as error:
            raise Misplaced(f'the machine cannot be entered any more: {error}') from error
        self.outside = Outside(linux.bind)
        try:
            self.outside.lay_out(job)
        finally:
            os.chdir('/')

    def enter(self):
        """No path is looked up outside of the new root once a charm could have made it a link."""
        self.mount_part('root', MACHINE)
        self.inside = True
        os.chroot(MACHINE)
        self.mount_part('usr', '/usr')
        for name in self.shown:
            linux.bind(SERVER + name, name, linux.MS_REC)
        self.keep_others()
        for name, target in FRESH.items():
            linux.bind(name, target)

    def keep_others(self):
        """Files of other units of the machine, as a tree has them: a subordinate reads its principal's."""
        agents = os.path.dirname(self.agent)
        for name in sorted(os.listdir(agents)) if os.path.isdir(agents) else ():
            if name != os.path.basename(self.agent):
                shutil.copytree(f'{agents}/{name}', f'juju/agents/{name}', symlinks=True)

    def mount_part(self, part, target):
        if not self.layers:
            linux.bind(part if part == 'root' else f'{SERVER}/usr', target, linux.MS_REC)
            return
        lower = self.roots.lower(part)
        options = f'lowerdir={lower},upperdir={part},workdir={part}-work,userxattr'
        linux.mount('overlay', target, 'overlay', linux.MS_NOSUID | linux.MS_NODEV, options)

    def fill_juju(self, sockets):
        for folder in (self.charm, self.commands):
            os.makedirs(folder)
        if self.layers:
            charm_dir.mount_layers(LOWER, 'charm-upper', 'charm-work', self.charm)
        else:
            linux.bind('charm-upper', self.charm)
        if self.packages:
            linux.bind(f'{OWN}/packages', f'{self.charm}/venv')
        linux.bind(f'{STAGE}/commands', self.commands)
        os.mkdir(f'{JUJU}/tools/machine-0')
        os.symlink(f'{CLIENT}/machine-command', f'{JUJU}/tools/machine-0/jujud')
        self.show_socket(sockets['agent'], f'{self.agent}/agent.socket')
        if 'terminal' in sockets:
            self.show_socket(sockets['terminal'], f'{self.agent}/terminal.socket')

    def fill_containers(self, names, sockets):
        for name in names:
            os.makedirs(f'/charm/containers/{name}')
            self.show_socket(
                sockets[f'container {name}'], f'/charm/containers/{name}/pebble.socket'
            )

    def show_socket(self, socket, target):
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o644))
        linux.bind_open(socket, target)

    def leave(self):
        if self.inside:
            self.inside = False
            os.fchdir(self.server)
            os.chroot('.')

    def gather(self, budget):
        """Changes of the charm directory, of each folder outside of it, and of the machine's root."""
        self.leave()
        os.fchdir(self.scratch)
        if not self.layers:
            # A copy is itself what was mounted, and its folders stay in use until it is not.
            linux.unmount(MACHINE)
        try:
            gather = charm_dir.gather if self.layers else charm_dir.gather_copy
            return {
                'changes': gather('charm-upper', LOWER, budget),
                'folders': self.outside.gather(budget),
                'root': self.roots.gather(budget, trace_time(), self.outside.made),
            }
        finally:
            os.chdir('/')

    def close(self):
        self.leave()
        if os.path.ismount(MACHINE):
            linux.unmount(MACHINE)
        if self.scratch is not None:
            os.close(self.scratch)
            self.scratch = None
        self.roots.end()


def trace_time():
    """Milliseconds on the trace's clock."""
    with open(CLOCK, 'rb') as page:
        return struct.unpack('d', page.read(8))[0]
