#!/usr/bin/env python3
"""A machine charm with a relation of every kind, storage, resources, and an option of every type."""

import ops
import scripted


class MachineCharm(scripted.Scripted):
    pass


if __name__ == '__main__':
    ops.main(MachineCharm)
