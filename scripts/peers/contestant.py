"""What all peers' programs have in common: arguments, timing, and how they talk with scripts/bench-peers.

A program makes its net, warms up, and prints {"ready": …} with what is checked. Then it takes one sample for
every line it reads, and prints {"name": …, "samples": [number], "unit": …}; at the end of its input it ends.
So all contestants of a row live at the same time and are measured in turn, and a slow import or compilation
is paid once. Programs of rows that begin with the process take one sample unasked, and end.
"""

import argparse
import json
import os
import sys
import time

now = time.perf_counter


def arguments(modes):
    """The arguments of a peer; its threads are bound to as many processors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=["train", "infer", "matmul", "convolution", "first-call", "add-one",
                                         "first-step", "until"])
    parser.add_argument("--net", choices=["w1", "resnet8", "digits"], default="w1")
    parser.add_argument("--mode", choices=modes, default=modes[0])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2, help="how long a sample takes")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--count", type=int, default=10, help="elements of add-one")
    parser.add_argument("--data", help="until: the folder of the four IDX files")
    parser.add_argument("--accuracy", type=float, default=0.9, help="until: the test accuracy to reach")
    parser.add_argument("--epochs", type=int, default=20, help="until: when to give up")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(options.threads)
    return options


def number_of(loss):
    """A loss as a number, once it is there."""
    return loss.item() if hasattr(loss, "item") else float(loss)


def say(**message):
    print(json.dumps(message), flush=True)


def serve(step, seconds, unit, result, synchronize=lambda: None, **checked):
    """Takes samples as asked: `result` turns the seconds of one step into the number that counts."""
    begin, count = now(), 0
    while count < 3 or now() - begin < max(1.0, seconds / 2):
        step()
        count += 1
        if count % 8 == 0:
            synchronize()
    synchronize()
    steps = max(1, round(seconds / ((now() - begin) / count)))
    say(ready=checked)
    for _ in sys.stdin:
        cpu, begin = time.process_time(), now()
        for _ in range(steps):
            step()
        synchronize()
        wall = now() - begin
        say(samples=[result(wall / steps)], unit=unit, cpu=(time.process_time() - cpu) / wall)


def serve_training(options, step, parameters):
    """Training: `step(n)` does the n-th step and gives its loss.

    The first losses are the check of the work: all peers begin with the same weights and see the same images, so
    their losses are equal but for rounding.
    """
    losses = [number_of(step(index)) for index in range(5)]
    state = {"number": 5, "loss": None}

    def go():
        state["loss"] = step(state["number"])
        state["number"] += 1

    serve(go, options.seconds, "images/s", lambda seconds: options.batch / seconds,
          lambda: number_of(state["loss"]), losses=losses, parameters=parameters)


def first_call(call):
    """The milliseconds of a call that this process never made before."""
    begin = now()
    call()
    say(samples=[(now() - begin) * 1e3], unit="ms")


def first_step(step):
    """One training step; the asker knows when this process was started."""
    say(loss=number_of(step(0)))
    leave()


def leave():
    """Ends at once: what the libraries do at exit is nobody's work."""
    sys.stdout.flush()
    os._exit(0)
