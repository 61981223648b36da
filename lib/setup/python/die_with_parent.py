"""Run a program in a folder so that it dies with the process that started it.

Usage: die_with_parent.py FOLDER PROGRAM [ARGUMENT ...]

Linux sends the program SIGKILL when its parent ends, however that happened: a kernel does not outlive a killed
papermill, nor pip a killed set-up. The setting survives the exec, so signals reach the program itself.
"""
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

parent = os.getppid()
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
if os.getppid() != parent:  # the parent ended before the setting took effect
    sys.exit(1)
for name in [name for name in os.environ if name.startswith("CONSILIUM_LD_")]:
    # As tool_environment.ts hands on the dynamic linker's variables.
    os.environ[name.removeprefix("CONSILIUM_")] = os.environ.pop(name)
os.chdir(sys.argv[1])
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except FileNotFoundError:
    print(f"{sys.argv[2]} is not installed", file=sys.stderr)
    sys.exit(127)
