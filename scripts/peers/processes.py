"""Runs contestants: peers that live and are asked for samples, and programs that are started for each."""

import json
import os
import subprocess
import tempfile
import time

PLACE = os.path.dirname(os.path.abspath(__file__))


class ContestantError(Exception):
    """A contestant could not be run; the text says who and why."""


def environment(extra=()):
    """This one's, without what would choose kernels or threads for the contestants."""
    chosen = ("OPENBLAS_", "OMP_", "MKL_", "LOCKSTEP_", "MALLOC_", "XLA_", "TF_", "KMP_", "GOTO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(chosen)}
    return {**kept, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", **dict(extra)}


def peer_command(python, peer, measurement, seconds, extra=()):
    command = [python, os.path.join(PLACE, peer.program), *measurement.work, "--mode", peer.mode]
    return [str(part) for part in (*command, "--threads", measurement.threads, "--seconds", seconds, *extra)]


class Started:
    """A process whose lines of JSON are read, with the time since its start, and what it used when it has ended."""

    def __init__(self, name, command, extra_environment=(), reads=False, processors=None):
        self.name, self.errors, self.memory = name, tempfile.TemporaryFile("w+"), None
        bind = (lambda: os.sched_setaffinity(0, processors)) if processors else None
        self.begin = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE if reads else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.errors, text=True, env=environment(extra_environment), preexec_fn=bind)

    def lines(self):
        for line in self.process.stdout:
            yield time.perf_counter() - self.begin, line.rstrip("\n")

    def message(self):
        """The next line that is a JSON object, and when it came."""
        for at, line in self.lines():
            if line.startswith("{"):
                return at, json.loads(line)
        self.end()
        raise ContestantError(f"{self.name} ended early: {self.last_error()}")

    def ask(self):
        try:
            self.process.stdin.write("sample\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended; the message says how.
        return self.message()[1]

    def end(self):
        """Waits for the end; the most memory it had, in MiB."""
        if self.memory is not None:
            return self.memory
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream and stream.close()
            except BrokenPipeError:
                pass
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.memory = usage.ru_maxrss / 1024
        return self.memory

    def last_error(self):
        """The last line on its standard error, or how it ended."""
        self.errors.seek(0)
        lines = [line.strip() for line in self.errors.read().splitlines() if line.strip()]
        return lines[-1] if lines else f"exit code {self.process.returncode}"


class LivingPeer:
    """A peer that has made its net and is asked for one sample after the other."""

    def __init__(self, python, peer, measurement, seconds):
        command = peer_command(python, peer, measurement, seconds)
        self.started = Started(peer.name, command, peer.environment.items(), reads=True)
        self.checked = self.started.message()[1]["ready"]

    def sample(self):
        return self.started.ask()["samples"]

    def end(self):
        self.started.end()


def sample_of_process(python, peer, measurement, extra):
    """What one process of a peer gives: for each figure of the measurement a number."""
    started = Started(peer.name, peer_command(python, peer, measurement, 1, extra), peer.environment.items())
    try:
        if measurement.work[0] == "until":
            return until_accuracy(started, extra)
        at, message = started.message()
        return [message["samples"][0] if "samples" in message else at * 1e3]
    finally:
        started.end()


def until_accuracy(started, extra):
    """Seconds until the epoch in which the accuracy was reached had been tested, and MiB."""
    target = float(extra[extra.index("--accuracy") + 1])
    while True:
        at, message = started.message()
        if message["accuracy"] >= target:
            return [at, started.end()]
