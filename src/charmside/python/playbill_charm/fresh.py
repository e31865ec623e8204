"""Runs when an interpreter starts in the sandbox (playbill.pth): a charm's gets the same
bootstrap as a fork.
"""

import os
import sys


def begin_here():
    import atexit
    import json

    from . import bootstrap, clock, loader, places, uncaught

    with open(f'{places.STAGE}/job.json', encoding='utf-8') as file:
        job = json.load(file)
    os.environ.pop('PYTHONHASHSEED', None)
    clock.open_page()
    bootstrap.install()
    bootstrap.begin(job, os.environ['JUJU_UNIT_NAME'])
    loader.load_from_file()
    atexit.register(tell_if_main, job['main'], uncaught.tell_last)


def tell_if_main(main, tell):
    """A Python that the charm ran as a program of its own may fail without the charm failing."""
    if main is None or os.path.normpath(os.path.abspath(sys.argv[0])).endswith(f'/charm/{main}'):
        tell()


sys.path.remove(os.path.dirname(os.path.dirname(__file__)))
if os.environ.get('JUJU_CONTEXT_ID') and os.environ.get('JUJU_UNIT_NAME'):
    begin_here()
