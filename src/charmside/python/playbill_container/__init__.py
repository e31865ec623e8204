"""The sandbox of a workload container: its root, its programs, its files."""
