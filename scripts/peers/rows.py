"""The table: what is measured, who takes part, and what must be reached."""

import dataclasses

# Keeps glibc from giving every step's large tensors back to the system, which costs PyTorch their page faults.
TUNED_MALLOC = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "4294967296"}
# Growth that is linear, and what two medians of one thing may differ by.
NEVER_WORSE = 1.05


@dataclasses.dataclass(frozen=True)
class Peer:
    """A peer's program in this folder, and how it is run."""

    name: str
    program: str
    mode: str
    environment: dict = dataclasses.field(default_factory=dict)


TENSORFLOW = Peer("tensorflow", "peer_tensorflow.py", "function")
TORCH = Peer("torch", "peer_torch.py", "channels-last")
TORCH_MALLOC = Peer("torch+malloc", "peer_torch.py", "channels-last", TUNED_MALLOC)
TORCH_COMPILE = Peer("torch-compile", "peer_torch.py", "compile", TUNED_MALLOC)
TORCH_JIT = Peer("torch-jit", "peer_torch.py", "jit")
JAX = Peer("jax", "peer_jax.py", "jit")
ONNXRUNTIME = Peer("onnxruntime", "peer_onnxruntime.py", "session")
NUMPY = Peer("numpy", "peer_numpy.py", "wheel")


@dataclasses.dataclass(frozen=True)
class Figure:
    """One line of the table. `goal` is the ratio to the fastest peer (or to `against`) that must be reached, in the
    sense that more is better; `limit` and `floor` are bounds of Lockstep's own number instead."""

    name: str
    title: str
    unit: str
    goal: float | None = None
    limit: float | None = None
    floor: float | None = None
    more_is_better: bool = False
    against: str | None = None


@dataclasses.dataclass(frozen=True)
class Measurement:
    """What is run together. `ours` says which command of Lockstep's is the counterpart, see lockstep.py."""

    figures: tuple
    peers: tuple
    work: tuple  # arguments of the peers' programs
    ours: tuple
    threads: int = 2
    # Starts anew for every sample, instead of being asked for samples.
    each_is_a_process: bool = False
    # Takes so long that a third of the rounds must do.
    is_long: bool = False
    # How closely the losses of the first steps must agree; None where there are none.
    agreement: float | None = None


def training(net, batch, threads, goal, peers, agreement):
    figure = Figure(f"{net}-train-{batch}-t{threads}", f"{net} training, batch {batch}, {plural(threads, 'thread')}",
                    "images/s", goal, more_is_better=True)
    return Measurement((figure,), peers, ("train", "--net", net, "--batch", batch),
                       ("bench", "train", f"{net}-train-{batch}", batch), threads, agreement=agreement)


def inference(batch, threads, goal):
    figure = Figure(f"w1-infer-{batch}-t{threads}", f"w1 inference, batch {batch}, {plural(threads, 'thread')}",
                    "images/s", goal, more_is_better=True)
    return Measurement((figure,), (ONNXRUNTIME, TORCH_JIT, TENSORFLOW, JAX), ("infer", "--batch", batch),
                       ("bench", "train", f"w1-infer-{batch}", batch), threads, agreement=1e-4)


def product(dtype):
    figure = Figure(f"matmul-2000-{dtype}", f"2000×2000 matrix product, {dtype}", "GFLOP/s", 1.0, more_is_better=True)
    return Measurement((figure,), (NUMPY,), ("matmul", "--dtype", dtype), ("bench", "seeds", f"matmul-2000-{dtype}"))


def addition(count):
    figure = Figure(f"add-one-{count}", f"int64 tensor + 1, {count:,} elements", "us", 1.0)
    return Measurement((figure,), (NUMPY,), ("add-one", "--count", count), ("bench", "seeds", f"add-one-int64-{count}"))


def plural(count, word):
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


TRAINERS = (TENSORFLOW, TORCH_MALLOC, TORCH, JAX)
CONVOLVERS = (TORCH, ONNXRUNTIME, TENSORFLOW, JAX)

MEASUREMENTS = [
    training("w1", 64, 2, 2.5, TRAINERS, 1e-4),
    training("w1", 128, 2, 2.2, TRAINERS, 1e-4),
    training("w1", 64, 1, 2.2, TRAINERS, 1e-4),
    training("w1", 1, 1, 1.3, TRAINERS, 1e-4),
    inference(1, 2, 1.2),
    inference(128, 1, 1.2),
    inference(128, 2, 1.2),
    # Keras pads strided convolutions at the far edge only, the others at both: the losses differ in the second digit.
    training("resnet8", 128, 2, 1.2, (TORCH_COMPILE, TORCH_MALLOC, TENSORFLOW, JAX), 0.05),
    product("float32"),
    product("float64"),
    Measurement((Figure("conv-256", "convolution 3→16 of 256×256 and ReLU, warm", "ms", 1.2),), CONVOLVERS,
                ("convolution",), ("bench", "seeds", "conv-relu-256x256-3-16")),
    Measurement((Figure("conv-256-first", "its first call in a process", "ms", 5.0),), CONVOLVERS, ("first-call",),
                ("bench", "seeds", "conv-relu-256x256-3-16-first-call"), each_is_a_process=True),
    addition(10),
    addition(1_000_000),
    Measurement((Figure("fashion-time", "Fashion-MNIST, process start to 0.90 test accuracy", "s", 3.0),
                 Figure("fashion-memory", "… and the most memory it took", "MiB", 4.0, against="torch+malloc")),
                (TENSORFLOW, TORCH_MALLOC, JAX), ("until",), ("until",), each_is_a_process=True, is_long=True),
    Measurement((Figure("first-step", "process start to the end of the first training step (digits)", "ms", limit=60),),
                (TORCH, TENSORFLOW, JAX), ("first-step", "--net", "digits", "--batch", 32), ("first-step",),
                each_is_a_process=True),
    Measurement((Figure("growth-batch", "time an image: the worst step of a batch 4 times as large, batch 1 to 1,024",
                        "×", limit=NEVER_WORSE),
                 Figure("growth-width", "time a FLOP: w1 with 4 times the channels over w1", "×", limit=NEVER_WORSE),
                 Figure("growth-threads", "speed of 2 threads over 1, batch 64", "×", floor=1.85)),
                (), (), ("growth",)),
]


def select(names):
    """The measurements of which a figure has one of the texts in its name; all without any."""
    return [m for m in MEASUREMENTS
            if not names or any(name in figure.name for figure in m.figures for name in names)]
