"""What every script here shares: a reproducible PyTorch, tensors as JSON, cases with gradients."""

import json
import math
import os
import pathlib
import sys
import zlib

# Read by the libraries when they load, so set before the imports below. Without these the last bits
# would depend on the processor: each library picks its kernels by the instructions it finds.
os.environ.update(
    ATEN_CPU_CAPABILITY="default",
    MKL_CBWR="COMPATIBLE",
    MKL_NUM_THREADS="1",
    OMP_NUM_THREADS="1",
    ONEDNN_MAX_CPU_ISA="SSE41",
)

import numpy as np  # noqa: E402
import torch  # noqa: E402

torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens"


# JSON


def write(name, value):
    """Writes `value` to Tests/Goldens/`name`, or into the folder given as the script's argument."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = layout(value) + "\n"
    (folder / name).write_text(text)
    print(f"{folder / name}: {len(text):,} bytes")


def layout(value, indent=""):
    """JSON in which a tensor, and whatever else holds only numbers and strings, takes one line."""
    inner = indent + " "
    if isinstance(value, dict) and any(isinstance(item, dict) or is_table(item) for item in value.values()):
        items = [f"{inner}{json.dumps(key)}: {layout(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + "\n" + indent + "}"
    if is_table(value):
        return "[\n" + ",\n".join(inner + layout(item, inner) for item in value) + "\n" + indent + "]"
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def is_table(value):
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def number(value):
    """A JSON value for a Python number. JSON has no NaN and no infinity: they become strings."""
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def tensor(array):
    """{"shape", "dtype", "data"}, row-major, shortest digits that read back as the same number."""
    array = np.asarray(array.detach() if isinstance(array, torch.Tensor) else array)
    data = [number(value) for value in array.ravel().tolist()]
    return {"shape": list(array.shape), "dtype": array.dtype.name, "data": data}


# Inputs


def random_for(name):
    """A generator of the case's own, so that a new case leaves the numbers of the others alone."""
    return np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))


def dyadic(random, shape, low=-2.0, high=2.0):
    """Float64 multiples of 1/64 in [low, high]: short in JSON, and float32 holds them exactly."""
    return torch.as_tensor(random.integers(round(low * 64), round(high * 64), shape, endpoint=True) / 64)


def distinct(random, shape):
    """Distinct multiples of 1/64 around zero, for maxima without ties."""
    count = math.prod(shape)
    return torch.from_numpy((random.permutation(count) - count // 2).reshape(shape) / 64)


# Cases


def forward_case(name, operation, attributes, inputs, output, exact=False):
    """A case without gradients."""
    return {
        "name": f"{operation}/{name}",
        "operation": operation,
        "attributes": attributes,
        "exact": exact,
        "inputs": {key: tensor(value) for key, value in inputs.items()},
        "outputs": {"output": tensor(output)},
        "upstream": {},
        "gradients": {},
    }


def case(name, operation, attributes, inputs, compute, exact=False):
    """A case with a random upstream gradient and the gradients of all float64 inputs.

    `compute` takes the inputs by name and returns the output. `exact` claims that float32 gives the
    same numbers whatever the order of summation, which is checked.
    """
    output, upstream, gradients = differentiate(f"{operation}/{name}", inputs, compute)
    if exact:
        check_exact(name, inputs, compute, [output, *gradients.values()])
    result = forward_case(name, operation, attributes, inputs, output, exact)
    result["upstream"] = {"output": tensor(upstream)}
    result["gradients"] = {key: tensor(value) for key, value in gradients.items()}
    return result


def differentiate(name, inputs, compute):
    leaves = {key: value.detach().clone() for key, value in inputs.items()}
    floating = {key: leaf.requires_grad_() for key, leaf in leaves.items() if leaf.is_floating_point()}
    output = compute(**leaves)
    upstream = dyadic(random_for(name + "/upstream"), tuple(output.shape))
    gradients = torch.autograd.grad(output, list(floating.values()), upstream)
    return output, upstream, dict(zip(floating, gradients))


def check_exact(name, inputs, compute, results):
    """Products of multiples of 1/64 are multiples of 1/4096: sums of them are exact in float32 while
    the sum of their absolute values, an upper bound for every partial sum, stays below 2^24 / 4096."""
    for result in results:
        assert torch.equal((result * 4096).round(), result * 4096), f"{name}: not a multiple of 1/4096"
    absolute = {key: v.abs() if v.is_floating_point() else v for key, v in inputs.items()}
    leaves = [value.requires_grad_() for value in absolute.values() if value.is_floating_point()]
    output = compute(**absolute)
    bounds = [output, *torch.autograd.grad(output, leaves, torch.full_like(output, 2.0))]
    for bound in bounds:
        assert bound.numel() == 0 or bound.abs().max() < 2**24 / 4096, f"{name}: partial sums may round"
