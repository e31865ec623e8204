"""Tinyproxy on an Ubuntu machine: its package, its configuration, its process."""

import os
import shutil
import signal
import subprocess

from charmlibs import apt, pathops

PROGRAM = "tinyproxy"
PACKAGE = "tinyproxy-bin"
SITE = "http://www.example.com/"
CONFIG = pathops.LocalPath("/etc/tinyproxy/tinyproxy.conf")
PID = pathops.LocalPath("/var/run/tinyproxy.pid")


def install() -> str:
    """Installs the package unless it is there. Answers the version of the program."""
    if not installed():
        apt.update()
        apt.add_package(PACKAGE)
    printed = subprocess.run([PROGRAM, "-v"], check=True, capture_output=True, text=True)
    return printed.stdout.split()[-1]


def installed() -> bool:
    return shutil.which(PROGRAM) is not None


def configure(port: int, slug: str) -> bool:
    """Writes the configuration. Answers whether it is another than before."""
    lines = [
        f"Port {port}",
        f'PidFile "{PID}"',
        "ReverseOnly Yes",
        f'ReversePath "/{slug}/" "{SITE}"',
    ]
    return pathops.ensure_contents(CONFIG, "".join(f"{line}\n" for line in lines))


def running() -> int | None:
    """The pid of the daemon that the pid file tells of, if that is alive."""
    try:
        pid = int(PID.read_text())
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pid


def start() -> None:
    """Starts the daemon, which puts itself into the background."""
    subprocess.run([PROGRAM], check=True, capture_output=True)


def read_again() -> None:
    """Has the daemon read its configuration again."""
    _send(signal.SIGUSR1)


def stop() -> None:
    _send(signal.SIGTERM)


def uninstall() -> None:
    """Takes away the package, and what this module has written."""
    apt.remove_package(PACKAGE)
    PID.unlink(missing_ok=True)
    shutil.rmtree(CONFIG.parent, ignore_errors=True)


def _send(number: signal.Signals) -> None:
    pid = running()
    if pid is not None:
        os.kill(pid, number)
