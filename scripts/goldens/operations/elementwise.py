"""Unary functions over awkward values, binary functions with broadcasting."""

from golden import case, dyadic, forward_case, random_for
import torch

NAN = float("nan")
INFINITY = float("inf")
TINY32, NORMAL32, LARGEST32 = 2.0**-149, 2.0**-126, (2 - 2.0**-23) * 2.0**127
TINY64, NORMAL64, LARGEST64 = 2.0**-1074, 2.0**-1022, (2 - 2.0**-52) * 2.0**1023

# Float32 holds all of these exactly.
AWKWARD_MAGNITUDES = [0.0, TINY32, 12345 * TINY32, NORMAL32, 2.0**-64, 2.0**-12, 0.25, 0.5, 1.0, 1.5, 2.5,
                      3.5, 10.5, 20.25, 88.5, 104.0, 1000.0, 8388609.0, 2.0**100, LARGEST32, INFINITY]
AWKWARD = [-x for x in reversed(AWKWARD_MAGNITUDES)] + AWKWARD_MAGNITUDES + [NAN]

# These need float64.
WIDE_MAGNITUDES = [TINY64, NORMAL64, 1e-200, 1e-17, 0.1, 0.7, 3.3, 36.9, 709.5, 745.5, 4503599627370495.5,
                   9007199254740991.0, 1e22, 1e200, LARGEST64]
WIDE = [-x for x in reversed(WIDE_MAGNITUDES)] + WIDE_MAGNITUDES

# Where gradients are asked for: ordinary values between the kinks of abs, floor, round, …
ORDINARY = [-1.9375, -1.28125, -0.734375, -0.265625, -0.015625, 0.015625, 0.328125, 0.71875, 1.265625, 1.921875]
POSITIVE = [0.015625, 0.125, 0.328125, 0.71875, 1.0, 1.265625, 1.921875, 7.5]
ABOVE_MINUS_ONE = [-0.984375, -0.5, -0.015625, 0.015625, 0.71875, 1.265625, 7.5]

UNARY = {
    "exp": (torch.exp, ORDINARY),
    "expm1": (torch.expm1, ORDINARY),
    "log": (torch.log, POSITIVE),
    "log1p": (torch.log1p, ABOVE_MINUS_ONE),
    "sqrt": (torch.sqrt, POSITIVE),
    "rsqrt": (torch.rsqrt, POSITIVE),
    "tanh": (torch.tanh, ORDINARY),
    "sigmoid": (torch.sigmoid, ORDINARY),
    # F.softplus is linear above 20; this is log(1 + exp(x)) everywhere.
    "softplus": (lambda x: torch.logaddexp(x, torch.zeros_like(x)), ORDINARY),
    "erf": (torch.erf, ORDINARY),
    "relu": (torch.relu, ORDINARY + [0.0]),  # the gradient at zero is zero
    "abs": (torch.abs, ORDINARY),
    "sin": (torch.sin, ORDINARY),
    "cos": (torch.cos, ORDINARY),
    "reciprocal": (torch.reciprocal, ORDINARY),
    "square": (torch.square, ORDINARY),
    # torch.sign(nan) is 0; NumPy's, and here Lockstep's, is nan.
    "sign": (lambda x: torch.where(x.isnan(), x, torch.sign(x)), ORDINARY),
    "floor": (torch.floor, ORDINARY),
    "ceil": (torch.ceil, ORDINARY),
    "round": (torch.round, ORDINARY),  # half to even
    "negate": (torch.neg, ORDINARY),
}

# Float32 gives exactly the same values of these.
EXACT_UNARY = {"relu", "abs", "sign", "floor", "ceil", "round", "negate"}

BROADCASTS = [
    ("same", (2, 3), (2, 3)),
    ("trailing", (2, 3, 4), (4,)),
    ("both", (2, 1, 4), (3, 1)),
    ("vector-scalar", (3,), ()),
    ("scalar-matrix", (), (2, 2)),
    ("one-matrix", (1,), (2, 2)),
    ("scalars", (), ()),
    ("middle", (2, 3, 2), (2, 1, 2)),
    ("empty", (0, 3), (3,)),
]

# The functions, and whether float32 gives their values and gradients exactly.
BINARY = {
    "add": (torch.add, True),
    "subtract": (torch.subtract, True),
    "multiply": (torch.multiply, True),
    "divide": (torch.divide, False),
    "power": (torch.pow, False),
    "maximum": (torch.maximum, True),
    "minimum": (torch.minimum, True),
}


def cases():
    return unary_cases() + binary_cases()


def unary_cases():
    result = []
    for operation, (function, points) in UNARY.items():
        exact = operation in EXACT_UNARY
        for name, values in [("awkward", AWKWARD), ("wide", WIDE)]:
            input = torch.tensor(values, dtype=torch.float64)
            exact_here = exact and name == "awkward"
            result.append(forward_case(name, operation, {}, {"input": input}, function(input), exact_here))
        input = torch.tensor(points, dtype=torch.float64)
        result.append(case("gradient", operation, {}, {"input": input}, lambda input: function(input), exact))
    return result


def binary_cases():
    result = []
    for operation, (function, exact) in BINARY.items():
        for name, left, right in BROADCASTS:
            inputs = operands(operation, name, left, right)
            result.append(case(name, operation, {}, inputs, lambda lhs, rhs: function(lhs, rhs), exact))
        result.append(awkward_pairs(operation, function))
    return result


def operands(operation, name, left, right):
    """No zero divisors, no powers of negative bases, no ties between the two: PyTorch splits the
    gradient of a tie half and half, which nobody need copy."""
    random = random_for(f"{operation}/{name}")
    lhs, rhs = dyadic(random, left), dyadic(random, right)
    if operation == "power":
        lhs = lhs.abs() + 0.25
    if operation == "divide":
        rhs = torch.where(rhs < 0, rhs - 0.5, rhs + 0.5)
    if operation in ("maximum", "minimum"):
        lhs, rhs = (lhs * 32).floor() / 32, (rhs * 32).floor() / 32 + 1 / 64
    return {"lhs": lhs, "rhs": rhs}


def awkward_pairs(operation, function):
    """Every pair of awkward values, forward only."""
    exact = operation in ("maximum", "minimum")
    values = [-INFINITY, -LARGEST32, -3.0, -0.5, -0.0, 0.0, 0.5, 2.0, LARGEST32, INFINITY, NAN]
    line = torch.tensor(values, dtype=torch.float64)
    inputs = {"lhs": line.reshape(-1, 1), "rhs": line}
    return forward_case("awkward", operation, {}, inputs, function(inputs["lhs"], inputs["rhs"]), exact)
