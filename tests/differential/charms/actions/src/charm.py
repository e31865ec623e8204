#!/usr/bin/env python3
"""A charm with actions whose parameters have schemas and defaults."""

import ops
import scripted


class ActionsCharm(scripted.Scripted):
    pass


if __name__ == '__main__':
    ops.main(ActionsCharm)
