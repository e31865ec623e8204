"""What runs inside of the sandbox, beside the charm. Standard library only, Python 3.10 or newer."""
