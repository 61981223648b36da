"""The side of a contestant written in Python: see benchmarks/harness/serve_contestant.ts."""

import json
import os
import sys
import time


def serve(repeat):
    """`repeat()` does one repetition and returns a list of numbers that the other contestants must reproduce."""
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        output = repeat()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "output": output}), file=answers, flush=True)


# Libraries may write what they like to stdout; it goes to stderr, and the answers have the real one to themselves.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
