"""Try to lock a file that another process holds, as lib/files/file_lock.ts does, and tell how its file system is mounted.

Usage: try_lock.py FILE

Writes "taken" or "refused", then the mounts of this machine as /proc/self/mountinfo has them.
"""
import fcntl
import sys

with open(sys.argv[1], "r+") as file:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        print("taken")
    except BlockingIOError:
        print("refused")
with open("/proc/self/mountinfo") as mounts:
    print(mounts.read(), end="")
