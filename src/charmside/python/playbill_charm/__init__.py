"""What runs inside of the sandbox, beside the charm. Standard library, Python 3.10 on."""
