"""The roots of all machines that this server has played, as layers: below, a base over the host's
programs; above it one layer for each event that changed anything, shared by all that come after it.

A layer is a tmpfs of its own, so that dropping one costs nothing and no event can fill another's. The
engine names layers by number and says which to drop; whoever stands on a layer keeps it.
"""

import os
import shutil

from . import base_root, linux, root_changes, root_pack
from .layer_stack import Stack
from .outside import Misplaced
from .places import HOST_USR, LAYERS, LOWER_USR, PACKS
from .root_changes import PARTS, flatten, make_layer
from .system_files import machine_files

# Beyond this many a mount gets dear and the kernel is near its limit; then layers become one.
DEEPEST = 16
FLAGS = linux.MS_NOSUID | linux.MS_NODEV
BASE_ROOM = 2 << 30


class Roots:
    def __init__(self, folders, layered):
        self.layered = layered
        linux.mount('tmpfs', LAYERS, 'tmpfs', FLAGS, 'mode=700,size=1g')
        make_layer(f'{LAYERS}/told')
        os.mkdir(f'{LAYERS}/told/root/etc')
        make_layer(f'{LAYERS}/skeleton')
        base_root.make_skeleton(f'{LAYERS}/skeleton', folders)
        self.machine = None
        self.bases = {}
        # By number: folders, topmost first, base left out.
        self.chains = {None: ()}
        self.mounted = set()
        self.event = None

    def stacks(self, base, chain):
        """By part: what a layer on top of `chain` lies on."""
        return {part: Stack(self.folders(base, chain, part)) for part in PARTS}

    def folders(self, base, chain, part):
        own = [f'{LAYERS}/{folder}/{part}' for folder in chain]
        below = [f'{LAYERS}/{folder}/{part}' for folder in (base, 'skeleton')]
        if part == 'root':
            return [*own, f'{LAYERS}/told/root', *below]
        return [*own, LOWER_USR, *below, HOST_USR]

    def mount(self, folder, size):
        os.mkdir(f'{LAYERS}/{folder}')
        options = f'mode=755,size={size},nr_inodes=200000'
        linux.mount('tmpfs', f'{LAYERS}/{folder}', 'tmpfs', FLAGS, options)
        make_layer(f'{LAYERS}/{folder}')
        self.mounted.add(folder)
        return folder

    def tell(self, machine):
        """Files of the State's machine, which no base has."""
        if machine == self.machine:
            return
        self.machine = machine
        texts = machine_files(machine)
        for folder in ('told', *(() if self.layered else self.bases.values())):
            for name in ('hostname', 'hosts'):
                with open(f'{LAYERS}/{folder}/root/etc/{name}', 'w', encoding='utf-8') as file:
                    file.write(texts[name])

    def begin(self, root, size):
        """The event's own layer, mounted, and the names of those that it lies on."""
        for number in root['drop']:
            self.chains.pop(number, None)
        base = self.base_of(root)
        if 'fill' in root:
            self.make_chain(base, root, size)
        chain = self.chains[root['on']]
        own = self.mount(str(root['own']), size)
        if not self.layered:
            copy_tree((chain or (base,))[0], own)
        self.event = {'base': base, 'chain': chain, 'own': own, 'number': root['own'], 'size': size}
        return own

    def lower(self, part):
        """What the event's layer lies on, topmost first, as its folder sees it."""
        paths = self.folders(self.event['base'], self.event['chain'], part)
        return ':'.join(f'../..{path}' for path in paths)

    def base_of(self, root):
        key = root['base']
        if key not in self.bases:
            folder = self.mount(f'base-{len(self.bases)}', BASE_ROOM)
            if not self.layered:
                copy_tree('skeleton', folder)
                copy_tree('told', folder)
            self.fill(folder, root['entries'], folder)
            if 'pack' in root:
                self.fill_from(folder, root['pack'])
            self.bases[key] = folder
        return self.bases[key]

    def fill_from(self, folder, pack):
        try:
            if not self.layered:
                raise OSError('there are no layers here')
            below = self.stacks('skeleton', ())
            root_pack.fill_from(f'{PACKS}/{pack}', f'{LAYERS}/{folder}', below)
        except OSError as error:
            self.let_go(folder)
            raise Misplaced(f'the root that the machine begins with cannot be laid out: {error}') from error

    def make_chain(self, base, root, size):
        folder = self.mount(f'{root["on"]}-filled', size)
        self.chains[root['on']] = (folder,)
        if not self.layered:
            copy_tree(base, folder)
        self.fill(folder, root['fill'], base)

    def fill(self, folder, changes, base):
        below = self.stacks(base, ()) if self.layered else {'root': None}
        root_changes.fill(f'{LAYERS}/{folder}', changes, below)

    def gather(self, budget, now, made):
        """What the event changed against the layers under it; `made` are folders that are not its own."""
        event, changes = self.event, {}
        event['kept'] = None
        for path in reversed(made):
            root_changes.forget_folder(f'{LAYERS}/{event["own"]}', path[1:])
        for part, prefix in (('root', ''), ('usr', 'usr/')) if self.layered else (('root', ''),):
            stacks = [self.seen(part, chain) for chain in (event['chain'], ())]
            upper = f'{LAYERS}/{event["own"]}/{part}'
            into = (prefix, changes, budget, now)
            root_changes.Gathering(upper, stacks, into, not self.layered).all()
        event['kept'] = bool(changes)
        return changes

    def seen(self, part, chain):
        base = self.event['base']
        if self.layered:
            return Stack(self.folders(base, chain, part))
        return Stack([f'{LAYERS}/{(chain or (base,))[0]}/{part}'])

    def end(self):
        """Keeps the event's layer where it changed anything, and lets go of what nobody stands on."""
        event, self.event = self.event, None
        if event and event.get('kept'):
            above = event['chain'] if self.layered else ()
            self.chains[event['number']] = self.shortened((event['own'], *above), event)
        used = {folder for chain in self.chains.values() for folder in chain}
        for folder in self.mounted - used - set(self.bases.values()):
            self.let_go(folder)

    def let_go(self, folder):
        linux.unmount(f'{LAYERS}/{folder}')
        os.rmdir(f'{LAYERS}/{folder}')
        self.mounted.discard(folder)

    def shortened(self, chain, event):
        if len(chain) < DEEPEST:
            return chain
        flat = self.mount(f'{event["number"]}-flat', event['size'] * 2)
        stacks = self.stacks(event['base'], ())
        for folder in reversed(chain):
            for part in PARTS:
                flatten(f'{LAYERS}/{folder}/{part}', f'{LAYERS}/{flat}/{part}', stacks[part])
        return (flat,)


def copy_tree(source, target):
    options = {'symlinks': True, 'dirs_exist_ok': True}
    shutil.copytree(f'{LAYERS}/{source}/root', f'{LAYERS}/{target}/root', **options)
