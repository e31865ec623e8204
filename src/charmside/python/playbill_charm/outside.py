"""What an event finds outside of the charm directory: storage, and resources fetched before it.

Storage is a folder of the event's own, at its location: filled with what earlier events left there
and gathered whole when the event has ended. Folders made for it to lie in are none of the machine's.
Not modelled: locations that have files already; the owner and mode of the location itself;
writes to a resource's file, which the next event does not find.
"""

import base64
import os

from . import charm_dir, places


class Misplaced(Exception):
    """A folder or file that cannot be where it is asked for, in words for the author."""


class Outside:
    """The folders and files of one event, laid out below the scratch folder, which is the current
    one until `lay_out` returns.
    """

    def __init__(self, bind):
        self.bind = bind
        self.folders = {}
        # Folders above, in the order in which they were made.
        self.made = []

    def lay_out(self, job):
        if not (job.get('folders') or job.get('files')):
            return
        os.mkdir('kept')
        os.mkdir('empty')
        for path in sorted(job.get('folders', ())):
            attempt(self.add_folder, path, job['folders'][path])
        for path in sorted(job.get('files', ())):
            attempt(self.add_file, path, job['files'][path])

    def add_folder(self, path, changes):
        own = f'kept/{len(self.folders)}'
        os.mkdir(own)
        fill(own, changes)
        if os.path.lexists(path):
            refuse_unless_empty(path)
        else:
            self.make_room(path)
        self.bind(own, path)
        self.folders[path] = own

    def add_file(self, path, data):
        self.make_room(os.path.dirname(path))
        write(path, data)

    def make_room(self, folder):
        if not os.path.lexists(folder):
            self.make_room(os.path.dirname(folder))
            os.mkdir(folder)
            self.made.append(folder)

    def gather(self, budget):
        """Each folder's changes; the scratch folder is the current one."""
        return {path: gathered(own, budget) for path, own in self.folders.items()}


def attempt(action, path, contents):
    if path != os.path.normpath(path) or not path.startswith('/'):
        raise Misplaced(f'{path} is no absolute path')
    try:
        action(path, contents)
    except OSError as error:
        raise Misplaced(f'{path}: {error.strerror}') from error


def refuse_unless_empty(folder):
    if not charm_dir.is_folder(folder) or os.listdir(folder):
        raise Misplaced(f'storage cannot be in {folder}: the sandbox has files of its own there')


def fill(folder, changes):
    kept = {path: change for path, change in changes.items() if change['kind'] != 'removed'}
    charm_dir.fill(folder, 'empty', kept)


def write(path, data):
    with open(path, 'wb') as file:
        file.write(base64.b64decode(data))
    os.chmod(path, 0o444)


def gathered(folder, budget):
    changes = charm_dir.gather_copy(folder, 'empty', budget)
    return {path: change for path, change in changes.items() if change['kind'] != 'removed'}


class OutsideBare(Outside):
    """Without a sandbox: below the folder that stands for the machine, and nowhere else."""

    def __init__(self):
        super().__init__(None)

    def lay_out(self, job):
        for path in sorted(job.get('folders', ())):
            attempt(self.add_folder, path, job['folders'][path])
        for path in sorted(job.get('files', ())):
            attempt(self.add_file, path, job['files'][path])

    def add_folder(self, path, changes):
        own = moved(path)
        os.makedirs(own)
        fill(own, changes)
        self.folders[path] = own

    def make_room(self, folder):
        os.makedirs(folder, exist_ok=True)

    def add_file(self, path, data):
        super().add_file(moved(path), data)


def moved(path):
    if not path.startswith('/var/lib/juju/'):
        raise Misplaced(f'storage cannot be in {path} without a sandbox: it is the host’s own')
    return places.ROOT + path
