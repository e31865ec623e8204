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
    'hostname': '/etc/hostname',
    'hosts': '/etc/hosts',
    'cpuinfo': '/proc/cpuinfo',
    'meminfo': '/proc/meminfo',
}


# What of a job the interpreters that it starts are told.
TOLD = ('seed', 'machine', 'commands', 'shadows', 'main')


def program_of(command, shadows):
    """What a hook command's name leads to: the client, or the project's command of that name.
    The client is then in `shadowed`, for that command to call.
    """
    return f'{PROJECT}/commands/{command}' if command in shadows else f'{CLIENT}/hook-command'


class StageFiles:
    def __init__(self, places):
        linux.mount('tmpfs', STAGE, 'tmpfs', linux.MS_NOSUID | linux.MS_NODEV, 'mode=755,size=16m')
        self.folder = os.open(STAGE, os.O_RDONLY | os.O_DIRECTORY)
        self.machine = None
        self.commands = ()
        for name in (*SHOWN_AT, 'job.json'):
            self.write(name, '')
        os.mkdir(f'{STAGE}/commands')
        os.mkdir(f'{STAGE}/shadowed')
        os.mkdir(f'{STAGE}/bytecode')
        linux.bind_read_only(STAGE, STAGE)
        for name, target in SHOWN_AT.items():
            if os.path.exists(target):
                linux.bind(f'{STAGE}/{name}', target)
        self.sockets = self.take_sockets(places)

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
            for name, text in machine_files(self.machine).items():
                self.write(name, text)
            linux.set_hostname(self.machine['hostname'])
        self.write_commands(tuple(job['commands']), job['shadows'])
        told = {name: job[name] for name in TOLD}
        self.write('job.json', json.dumps(told))

    def write_commands(self, names, shadows):
        if names == self.commands:
            return
        for name in set(self.commands) - set(names):
            for folder in ('commands', 'shadowed') if name in shadows else ('commands',):
                os.unlink(f'{folder}/{name}', dir_fd=self.folder)
        for name in set(names) - set(self.commands):
            os.symlink(program_of(name, shadows), f'commands/{name}', dir_fd=self.folder)
            if name in shadows:
                os.symlink(program_of(name, ()), f'shadowed/{name}', dir_fd=self.folder)
        self.commands = names
