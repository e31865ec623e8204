"""Counts what must not happen while a library is imported before any event: reads of time, chance
and the machine.
"""

reads = {'time': 0, 'chance': 0, 'machine': 0}
