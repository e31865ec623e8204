# client/machine-command for hosts without perl; it is given its first line, the interpreter's, when
# a sandbox is made.
import sys

sys.path.insert(0, '/opt/playbill/charmside/python')

from playbill_charm import machine_command  # noqa: E402

machine_command.main()
