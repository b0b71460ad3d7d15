"""sum, mean, max and min over every choice of axes; argmax and argmin over each axis."""

import itertools

from golden import case, distinct, dyadic, forward_case, random_for
import numpy as np
import torch

SHAPE = (2, 3, 4)
AXES = [axes for count in range(4) for axes in itertools.combinations(range(3), count)]


def sum_of_squares(x, axes, keepdim=False):
    return torch.sum(x * x, axes, keepdim=keepdim)


REDUCTIONS = {
    "sum": torch.sum,
    "mean": torch.mean,
    "sumOfSquares": sum_of_squares,
    "max": torch.amax,
    "min": torch.amin,
}
# max and min of distinct values only: PyTorch divides the gradient of a tie.
VALUES = {"sum": dyadic, "mean": dyadic, "sumOfSquares": dyadic, "max": distinct, "min": distinct}


def cases():
    result = []
    for operation in REDUCTIONS:
        result += [reduction(operation, SHAPE, axes, False) for axes in AXES]
        result += [reduction(operation, SHAPE, axes, True) for axes in [(1,), (0, 2), (0, 1, 2)]]
        result += [reduction(operation, (0, 3), (1,), False), reduction(operation, (1, 1), (0, 1), False)]
    result += [reduction("sum", (0, 3), (0,), False), reduction("sum", (0, 3), (0, 1), True)]
    return result + nan_cases() + argument_cases()


def reduction(operation, shape, axes, keeps):
    sizes = "x".join(map(str, shape))
    name = f"{sizes}-axes-{''.join(map(str, axes)) or 'none'}{'-kept' if keeps else ''}"
    inputs = {"input": VALUES[operation](random_for(f"{operation}/{name}"), shape)}

    def compute(input):
        # PyTorch takes "no axes" for "all axes"; here, as in NumPy, it reduces nothing.
        if axes:
            return REDUCTIONS[operation](input, axes, keepdim=keeps)
        return input * input if operation == "sumOfSquares" else input.clone()

    attributes = {"axes": list(axes), "keepDimensions": keeps}
    return case(name, operation, attributes, inputs, compute, exact=operation != "mean")


def nan_cases():
    """NaN wins. Forward only."""
    values = distinct(random_for("reduction/nan"), (4, 3))
    values[0, 1] = values[3, 2] = values[1, 0] = float("nan")
    values[2, 1] = float("inf")
    values[3, 0] = float("-inf")
    attributes = {"axes": [1], "keepDimensions": False}
    return [
        forward_case("nan", operation, attributes, {"input": values}, function(values, (1,)))
        for operation, function in REDUCTIONS.items()
    ]


def argument_cases():
    """The first of equals, as in NumPy. And the first NaN."""
    tied = np.array([[1.0, 3.0, 3.0, 1.0], [2.0, 2.0, 2.0, 2.0], [-0.0, 0.0, -1.0, -1.0]])
    with_nan = np.array([[1.0, np.nan, 3.0, np.nan], [np.inf, -np.inf, 0.0, np.nan]])
    result = []
    for operation, function in [("argmax", np.argmax), ("argmin", np.argmin)]:
        values = distinct(random_for(operation), SHAPE).numpy()
        named = [(f"2x3x4-axis-{axis}", values, axis) for axis in range(3)]
        named += [("ties-axis-0", tied, 0), ("ties-axis-1", tied, 1), ("nan", with_nan, 1)]
        for name, input, axis in named:
            output = function(input, axis)
            result.append(forward_case(name, operation, {"axis": axis}, {"input": input}, output, exact=True))
    return result
