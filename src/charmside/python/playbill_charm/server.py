"""The first process of the sandbox: takes jobs from the engine, one at a time, and forks each
event.

Nothing survives an event: when its program has ended every other process is killed and reaped,
and the folders it could write are gone. What charm libraries do when they are imported runs in
this process too, so a charm can lie about itself; it cannot leave the sandbox.
"""

import json
import os
import sys

from . import answers, bare, charm_dir, confined, event, ids, linux, main_program, owners, places
from . import left_behind, processes, stubs, terminal
from .outside import Misplaced
from .bytecode import compile_charm
from .in_child import in_child
from .places import BYTECODE
from .control import PROTOCOL, Control
from .stage_files import StageFiles
from .view import View
from .zygote import Zygote

# More than this is compiled by the events, as far as they come to it.
COMPILE_SECONDS = 30
# Mounts, names, limits and the dropping of the rest in each event.
SERVER_CAPABILITIES = (
    *linux.KEPT_CAPABILITIES,
    linux.CAP_SETPCAP,
    linux.CAP_SYS_ADMIN,
    linux.CAP_SYS_CHROOT,
    linux.CAP_SYS_PTRACE,
)

# What libraries are imported over, before the first event.
NO_JOB = {
    'limits': {'files': 0},
    'charmDir': {},
    'containers': [],
    'root': {'base': '', 'entries': {}, 'on': None, 'own': 0, 'drop': []},
    'machine': {
        'hostname': 'localhost',
        'cpus': 1,
        'memoryMiB': 1024,
        'kernel': {'release': '5.15.0-119-generic', 'version': '#129-Ubuntu SMP'},
    },
}


def main(text):
    settings = json.loads(text)
    os.umask(0o022)
    event.set_lasting_limits()
    control = Control(*settings['control'])
    files, view = bare.room(settings) if places.ROOT else sandboxed_room(settings)
    settings['confinement'] = confined.for_server(settings)
    zygote, left = warmed(settings, view, files)
    settings['shadows'] = places.shadows()
    version = '.'.join(map(str, sys.version_info[:3]))
    control.send('hello', protocol=PROTOCOL, python=version, rungs=settings['rungs'], left=left)
    while True:
        frame = control.receive()
        if frame is None:
            return
        if frame['kind'] == 'fork':
            play(frame, settings, control, (files, view, zygote))


def sandboxed_room(settings):
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    linux.bound_capabilities(SERVER_CAPABILITIES)
    if os.path.exists('/proc/self/mem'):
        single = ids.ONE in settings['rungs']
        settings['handed_over'] = {on: answers.wanted(single, on) for on in (False, True)}
    owners.RECORDING['on'] = ids.ONE in settings['rungs']
    files = StageFiles(settings['places'])
    layers = settings['layers'] and charm_dir.has_layers(files.folder) and os.listdir(places.HOST_USR)
    if not layers:
        settings['rungs'].append('files: copied for each event, /usr read-only')
    return files, View(settings, layers)


def play(job, settings, control, room):
    """One job. The engine is told of its end before the folders are taken down: it can go on
    meanwhile.
    """
    files, view, zygote = room
    job.update(main=settings['main'], shadows=settings['shadows'])
    files.prepare(job)
    try:
        view.open(job, files.sockets)
        control.send('ended', **run(job, settings, control, (view, zygote)))
    except Misplaced as error:
        control.send('ended', **nothing_run('not-started', str(error)))
    finally:
        stubs.ahead(settings)
        view.close()


def warmed(settings, view, files):
    """The zygote of a Python charm, and which imports are left to its events, with why."""
    if not settings['packages']:
        return None, {}
    zygote = Zygote(settings['unit'], settings['main']) if settings['fork'] else None
    main_program.fresh_streams(settings['outputs'])
    if not places.ROOT:
        linux.mount('tmpfs', BYTECODE, 'tmpfs', linux.MS_NOSUID | linux.MS_NODEV, 'mode=755')
    view.open(NO_JOB, files.sockets)
    try:
        charm = places.charm_dir(settings['unit'])
        in_child(lambda: compile_charm(charm), COMPILE_SECONDS)
        return zygote, zygote.warm() if zygote else {}
    finally:
        view.close()
        if not places.ROOT:
            linux.remount_read_only(BYTECODE)


def run(job, settings, control, room):
    view, zygote = room
    charm = places.charm_dir(job['unit'])
    if places.ROOT:
        bare.move_environment(job['environment'])
    job['program'], why = program_of(job, charm)
    if job['program'] is None:
        return nothing_run('missing' if why == 'missing' else 'not-started', why)
    job['environment']['PATH'] = places.search_path(job['unit'])
    beside = stubs.beside(job, settings, control)
    confinement = settings.get('confinement')
    if confinement:
        confinement.begin(job['limits'])
    child, tell, arriving = event.start(job, settings, fork_of(zygote, job), beside)
    status, cut = event.watch(child, control, job['limits'], arriving, beside, confinement)
    left = left_behind.daemons(child, beside) if beside.here and not cut else []
    processes.kill_all()
    processes.reap_all()
    why = os.read(tell, 4096).decode()
    os.close(tell)
    if why:
        return nothing_run('not-started', why)
    ended = confinement.told(ending(status, cut)) if confinement else ending(status, cut)
    return {**ended, 'left': left, **gathered(view, job['limits']['files'])}


def program_of(job, charm):
    if job.get('terminal'):
        return terminal.SHELL, None
    return event.program_of(charm, job['path'])


def nothing_run(how, why):
    return {'how': how, 'reason': why, 'changes': None, 'folders': None, 'root': None}


def fork_of(zygote, job):
    """What runs the charm in the fork itself, or None when a program is to be executed."""
    if job.get('terminal'):
        return terminal.run
    if zygote is None or not zygote.can_run(job):
        return None
    try:
        zygote.forget_folders()
        main_program.prepare(job)
    except ValueError as error:
        return lambda told: refuse(error)
    return lambda told: main_program.run(told, zygote.compiled)


def refuse(error):
    """In the fork, which tells why it is not the charm."""
    raise error


def ending(status, cut):
    if cut:
        return {'how': cut}
    if os.WIFSIGNALED(status):
        return {'how': 'signal', 'signal': os.WTERMSIG(status)}
    return {'how': 'exit', 'code': os.WEXITSTATUS(status)}


def gathered(view, limit):
    try:
        return view.gather(charm_dir.Budget(limit))
    except charm_dir.TooLarge:
        return {'changes': None, 'folders': None, 'root': None, 'tooLarge': True}
