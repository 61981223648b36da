"""Executes one notebook through papermill.

    python run_notebook.py '{"input": …, "output": …, "parameters": {…}, "kernel": …, "cwd": …}'

The notebook is saved, atomically, after every cell. Exit code 1 and one line of JSON on stdout, {"name", "message",
"cell"}, tell of a cell that failed.
"""
import json
import os
import signal
import sys


def interrupt_kernel(*_):
    """The task asks by SIGUSR1 that the kernel be interrupted: it may signal what it started, and nobody else."""
    me = os.getpid()
    with open(f"/proc/{me}/task/{me}/children") as children:
        for child in children.read().split():
            os.kill(int(child), signal.SIGINT)


def main():
    task = json.loads(sys.argv[1])
    # Ctrl-C is the task's to handle: it asks the Deno kernel to save a checkpoint, and papermill goes on to the end. So
    # is SIGTERM, which Slurm sends to all processes of a job at once; the kernel inherits that it is blocked. (Ignored,
    # it would not be for long: nbclient listens to it, and ends the kernel.)
    os.setsid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.signal(signal.SIGUSR1, interrupt_kernel)

    # jsonschema would build a grammar of international addresses, which no notebook's schema asks for: three quarters of the time
    # that papermill takes to load. It does without where the package is not there.
    sys.modules["rfc3987_syntax"] = None
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from papermill.iorw import LocalHandler, papermill_io

    class AtomicFiles(LocalHandler):
        def write(self, buf, path):
            super().write(buf, path + ".saving")
            os.replace(path + ".saving", path)

    papermill_io.register("/", AtomicFiles())  # every absolute path
    try:
        papermill.execute_notebook(
            task["input"],
            task["output"],
            parameters=task["parameters"],
            kernel_name=task["kernel"],
            cwd=task["cwd"],
            progress_bar=False,
            start_timeout=300,
        )
    except PapermillExecutionError as error:
        failure = {"name": error.ename, "message": error.evalue, "cell": error.cell_index}
    except Exception as error:  # a dead kernel, a missing kernelspec, a full disk
        failure = {"name": type(error).__name__, "message": str(error), "cell": None}
    else:
        return 0
    print(json.dumps(failure), flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
