"""The memory that events are forked from, filled up: what an event allocates then lies on pages of
its own, next to each other, and not in gaps between what is there already, where each gap costs
the fork a copy of its page.

Source: CPython Objects/obmalloc.c (pools of one size, up to 512 bytes), glibc malloc/malloc.c
(what is freed is kept by size, the rest is cut from the top).
Not modelled: other allocators; there this fills less, or nothing.
"""

import ctypes

SMALL_MAX = 512
LARGE_MAX = 8192
STEP = 16
POOL = 1 << 14
# Never more than this many blocks, whatever the allocator does.
BLOCKS_MAX = 1 << 16
# What a bytes object needs beside its contents.
EMPTY_BYTES = 33
# Arenas of small objects that are made in one go: what most charms' libraries need.
RESERVED = 14 << 20
HUGE = 1 << 21
MADV_COLLAPSE = 25
_kept = []


def reserve():
    """Makes room for small objects in one piece, before libraries are mapped in between: an object
    is kept here and there, so that none of it is given back.
    """
    room = [bytes(SMALL_MAX - EMPTY_BYTES) for _ in range(RESERVED // SMALL_MAX)]
    _kept.extend(room[::SMALL_MAX])


def use_huge_pages():
    """A fork copies, and ends with, one entry for many small pages that are one huge page."""
    libc = ctypes.CDLL(None)
    with open('/proc/self/maps', encoding='utf-8') as lines:
        found = [line.split() for line in lines]
    for words in found:
        if words[1] != 'rw-p' or words[5:] not in ([], ['[heap]']):
            continue
        start, end = (int(text, 16) for text in words[0].split('-'))
        for at in range(-(-start // HUGE) * HUGE, end - HUGE + 1, HUGE):
            # A host that has none, or none left, leaves the pages as they are.
            libc.madvise(ctypes.c_void_p(at), ctypes.c_size_t(HUGE), MADV_COLLAPSE)


def fill_gaps():
    fill_heap()
    for size in range(SMALL_MAX, 2 * STEP, -STEP):
        fill_pools(size)


def fill_heap():
    """Takes every free block of the C library's, largest first; they are never given back."""
    libc = ctypes.CDLL(None)
    malloc, free = libc.malloc, libc.free
    malloc.restype = ctypes.c_size_t
    malloc.argtypes = free.argtypes = (ctypes.c_size_t,)
    top = malloc(LARGE_MAX * 8)
    left = BLOCKS_MAX
    for size in range(LARGE_MAX, 0, -STEP):
        block = malloc(size - 8)
        while block < top and left:
            block, left = malloc(size - 8), left - 1
        free(block)


def fill_pools(size):
    """Takes free blocks of a size until a row of them shows that they come from a new pool."""
    row, last, left = 0, 0, BLOCKS_MAX
    while row < POOL // size - 2 and left:
        block = bytes(size - EMPTY_BYTES)
        _kept.append(block)
        row = row + 1 if id(block) - last == size else 0
        last, left = id(block), left - 1
