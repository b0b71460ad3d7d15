"""Lockstep's own part: which command gives the number that stands beside the peers'."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time

from processes import ContestantError, Started, environment

# A row of the table that `train` prints: epoch, loss, accuracy, test loss, test accuracy.
EPOCH_ROW = re.compile(r"^\s*\d+/\d+" + r"\s+([0-9.]+)" * 4)


class Lockstep:
    """The release program of this checkout."""

    def __init__(self, root, seconds, until):
        self.root, self.seconds, self.until = root, seconds, until
        self.program = os.path.join(root, ".build", "release", "lockstep")

    def sample(self, measurement):
        """For each figure of the measurement a number."""
        kind, *arguments = measurement.ours
        return {"bench": self._bench, "until": self._until, "first-step": self._first_step,
                "growth": self._growth}[kind](measurement, *arguments)

    def _run(self, *arguments, processors=None):
        bind = (lambda: os.sched_setaffinity(0, processors)) if processors else None
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True,
                              env=environment({"LOCKSTEP_HOME": self.root}.items()), preexec_fn=bind)
        if done.returncode != 0:
            raise ContestantError(f"lockstep {' '.join(map(str, arguments))}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def _benchmarks(self, suite, filter, threads, *arguments):
        """What `lockstep bench` measured, by name."""
        processors = sorted(os.sched_getaffinity(0))[:threads]
        # A part of the budget goes to the machine's best, which is measured beside.
        output = self._run("bench", suite, "--filter", filter, "--threads", threads, "--rounds", 1,
                           "--budget", f"{round(2 * self.seconds + 2)}s", "--json", *arguments, processors=processors)
        return {benchmark["name"]: benchmark for benchmark in json.loads(output)["benchmarks"]}

    def _bench(self, measurement, suite, name, batch=None):
        figure = measurement.figures[0]
        sizes = ("--batch-size", batch) if batch else ()
        benchmark = self._benchmarks(suite, name, measurement.threads, *sizes)[name]
        median, figures = benchmark["summary"]["median"], benchmark["figures"]
        return [{"images/s": lambda: figures["imagesPerSecond"], "ms": lambda: median * 1e3, "us": lambda: median * 1e6,
                 "GFLOP/s": lambda: figures["floatingPointRate"] / 1e9}[figure.unit]()]

    def _train(self, folder, *arguments):
        return [self.program, "train", "--output", folder, *map(str, arguments)]

    def _until(self, measurement):
        """Trains until an epoch's test accuracy is high enough, then stops it as Ctrl-C does."""
        with tempfile.TemporaryDirectory() as scratch:
            command = self._train(
                os.path.join(scratch, "run"), "--model", f"{self.root}/models/w1.yaml", "--data", self.until["folder"],
                "--epochs", self.until["epochs"], "--batch-size", self.until["batch"],
                "--learning-rate", self.until["learning_rate"], "--threads", measurement.threads,
                # The same training for all, not the model file's recipe.
                "--no-nesterov", "--weight-decay", 0, "--schedule", "constant", "--normalize", "none", "--no-augment")
            started = Started("lockstep", command, {"LOCKSTEP_HOME": self.root}.items())
            try:
                for at, line in started.lines():
                    row = EPOCH_ROW.match(line)
                    if row and float(row[4]) >= self.until["accuracy"]:
                        started.process.send_signal(signal.SIGINT)
                        return [at, started.end()]
            finally:
                started.end()
            raise ContestantError(f"lockstep did not reach {self.until['accuracy']}: {started.last_error()}")

    def _first_step(self, measurement):
        """By the clock of whoever starts it, as the peers are measured.

        run.json reckons from the start that the system keeps, which is rounded down to whole ticks (10 ms).
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = os.path.join(scratch, "run")
            command = self._train(folder, "--epochs", 1, "--threads", measurement.threads, "--quiet")
            begin = time.clock_gettime(time.CLOCK_BOOTTIME)
            started = Started("lockstep", command, {"LOCKSTEP_HOME": self.root}.items())
            with open(f"/proc/{started.process.pid}/stat") as file:
                ticks = int(file.read().rpartition(")")[2].split()[19])
            started.end()
            if started.process.returncode != 0:
                raise ContestantError(f"lockstep train: {started.last_error()}")
            with open(os.path.join(folder, "run.json")) as file:
                end = ticks / os.sysconf("SC_CLK_TCK") + json.load(file)["firstStepSeconds"]
            return [(end - begin) * 1e3]

    def _growth(self, measurement):
        batches = [4**power for power in range(6)]
        sizes = ("--batch-size", ",".join(map(str, batches)))
        grown = self._benchmarks("train", "w1-train", 2, *sizes)
        times = [grown[f"w1-train-{batch}"]["summary"]["median"] / batch for batch in batches]
        single = self._benchmarks("train", "w1-train-64", 1, "--batch-size", 64)
        speed = [run["w1-train-64"]["figures"]["imagesPerSecond"] for run in (single, grown)]
        return [max(after / before for before, after in zip(times, times[1:])),
                self._cost(self._wide()) / self._cost(grown["w1-train-64"]), speed[1] / speed[0]]

    @staticmethod
    def _cost(benchmark):
        return benchmark["summary"]["median"] / benchmark["figures"]["floatingPointOperations"]

    def _wide(self):
        """W1 with 4 times the channels and units, batch 64."""
        with open(os.path.join(self.root, "models", "w1.yaml")) as file:
            text = re.sub(r"(filters|units): (\d+)", lambda m: f"{m[1]}: {4 * int(m[2])}", file.read())
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text.replace("name: w1", "name: w1-wide"))
            file.flush()
            made = self._benchmarks("train", "train-64", 2, "--batch-size", 64, "--model", file.name)
        return next(iter(made.values()))
