"""What the server keeps for as long as the sandbox lives: files that tell of the machine, the
hook commands' folder.

They lie on a small tmpfs that charms see read-only; the server writes them through a descriptor
opened before.
"""

import json
import os

from . import linux
from .places import CLIENT, PROJECT, STAGE
from .root_view import SOCKETS
from .system_files import machine_files

SHOWN_AT = {
    'cpuinfo': '/proc/cpuinfo',
    'meminfo': '/proc/meminfo',
    'version': '/proc/version',
    'cmdline': '/proc/cmdline',
    'loadavg': '/proc/loadavg',
    'stat': '/proc/stat',
    'uptime': '/proc/uptime',
    'kernel-release': '/proc/sys/kernel/osrelease',
    'kernel-version': '/proc/sys/kernel/version',
}
# Where programs of the machine ask, whatever their environment.
SOCKET = 'agent.socket'
# What /run/snapd.socket leads to, by a link that is there where the machine has a snapd.
SNAPD = 'snapd'

# What of a job the interpreters that it starts are told.
TOLD = ('seed', 'machine', 'commands', 'shadows', 'main')


def links_of(job):
    """What each name in the hook commands' folder leads to: the client, or the project's command of
    that name. The client is then in `shadowed`, for that command to call.
    """
    clients = {name: f'{CLIENT}/hook-command' for name in job['commands']}
    clients |= {name: f'{CLIENT}/machine-command' for name in job['programs']}
    shadowed = {name: clients[name] for name in job['shadows'] if name in clients}
    return {**clients, **{name: f'{PROJECT}/commands/{name}' for name in shadowed}}, shadowed


class StageFiles:
    def __init__(self, places):
        linux.mount('tmpfs', STAGE, 'tmpfs', linux.MS_NOSUID | linux.MS_NODEV, 'mode=755,size=16m')
        self.folder = os.open(STAGE, os.O_RDONLY | os.O_DIRECTORY)
        self.machine = None
        self.links = {'commands': {}, 'programs': {}, 'shadowed': {}, '.': {}}
        for name in (*SHOWN_AT, 'job.json'):
            self.write(name, '')
        for name in ('commands', 'programs', 'shadowed', 'bytecode'):
            os.mkdir(f'{STAGE}/{name}')
        for name in (SOCKET, SNAPD):
            self.write(name, '')
        linux.bind_read_only(STAGE, STAGE)
        for name, target in SHOWN_AT.items():
            if os.path.exists(target):
                linux.bind(f'{STAGE}/{name}', target)
        self.sockets = self.take_sockets(places)
        linux.bind_open(self.sockets['agent'], f'{STAGE}/{SOCKET}')
        linux.bind_open(self.sockets['snapd'], f'{STAGE}/{SNAPD}')

    def take_sockets(self, places):
        """A descriptor per socket, for binding; then no path leads to them."""
        taken = {name: os.open(f'{SOCKETS}/{file}', os.O_PATH) for name, file in places.items()}
        linux.mount('tmpfs', SOCKETS, 'tmpfs', linux.MS_RDONLY)
        return taken

    def write(self, name, text):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        file = os.open(name, flags, 0o644, dir_fd=self.folder)
        os.write(file, text.encode())
        os.close(file)

    def prepare(self, job):
        if job['machine'] != self.machine:
            self.machine = job['machine']
            texts = machine_files(self.machine)
            for name in SHOWN_AT:
                self.write(name, texts[name])
            linux.set_hostname(self.machine['hostname'])
        commands, shadowed = links_of(job)
        self.write_links('commands', commands)
        self.write_links('shadowed', shadowed)
        # Where PATH is made anew and has no hook commands: sudo.
        machine = f'{CLIENT}/machine-command'
        self.write_links('programs', {name: machine for name in job['programs']})
        self.write_links('.', {'snapd.socket': SNAPD} if job['snapd'] else {})
        told = {name: job[name] for name in TOLD}
        self.write('job.json', json.dumps(told))

    def write_links(self, folder, links):
        before = self.links[folder]
        for name in before:
            if links.get(name) != before[name]:
                os.unlink(f'{folder}/{name}', dir_fd=self.folder)
        for name, target in links.items():
            if before.get(name) != target:
                os.symlink(target, f'{folder}/{name}', dir_fd=self.folder)
        self.links[folder] = links
