"""normal-quantiles.json: the normal distribution's quantiles (SciPy) and natural logarithms (libm), for
Lockstep's own inverse normal (Wichura's AS241) and its own polynomial logarithm."""

import math

import golden
import numpy as np
from scipy.stats import norm


def probabilities():
    """AS241 has three branches: |p − 0.5| ≤ 0.425, then r = √(−log min(p, 1 − p)) ≤ 5, then beyond."""
    edges = [0.075, 0.925, math.exp(-25.0), 1 - math.exp(-25.0)]
    beside_edges = [math.nextafter(edge, side) for edge in edges for side in (0, 1)]
    exponents = [300, 250, 200, 150, 100, 75, 50, 40, 30, 25, *range(20, 2, -1)]
    lower_tail = [float(f"1e-{exponent}") for exponent in exponents]
    upper_tail = [1 - float(f"1e-{exponent}") for exponent in range(3, 16)]
    upper_tail += [1 - 2.0**-53, 1 - 2.0**-24, 1 - 2.0**-25]
    near_half = [0.5 + sign * float(f"1e-{exponent}") for exponent in range(2, 16, 2) for sign in (-1, 1)]
    middle = [step / 100 for step in range(1, 100)]
    words = (0, 1, 2, 100, 2**12, 2**23 - 1, 2**23, 2**24 - 2, 2**24 - 1)
    float32_uniforms = [(word + 0.5) / 2**24 for word in words]
    random = golden.random_for("probabilities").random(40).tolist()
    at_edges, in_tails = {*edges, *beside_edges}, {*lower_tail, *upper_tail}
    return sorted(at_edges | in_tails | {*near_half, *middle, *float32_uniforms, *random})


def logarithm_points():
    subnormal = [2.0**-1074, 2.0**-1060 * 1.5, 2.0**-1022 - 2.0**-1074]
    exponents = (-1022, -537, -149, -126, -53, -24, -1, 0, 1, 2, 10, 53, 127, 1023)
    powers_of_two = [2.0**exponent for exponent in exponents]
    exponents = (-300, -100, -30, -10, -5, -2, -1, 1, 2, 5, 10, 22, 100, 300)
    powers_of_ten = [float(f"1e{exponent}") for exponent in exponents]
    near_one = [1 + sign * 2.0**-exponent for exponent in (53, 52, 40, 30, 20, 10, 5, 3) for sign in (-1, 1)]
    # Where a mantissa in [√½, √2) wraps round.
    near_root = [math.nextafter(root, side) for root in (math.sqrt(0.5), math.sqrt(2)) for side in (0, root, 2)]
    others = [math.e, math.pi, 1 / 3, 2 / 3, 0.9, 1.1, 1.5, 3.0, 7.0, 1e6 + 0.5, 1.7976931348623157e308]
    random = golden.random_for("logarithms").random(40).tolist()
    return sorted({*subnormal, *powers_of_two, *powers_of_ten, *near_one, *near_root, *others, *random})


def main():
    p, x = probabilities(), logarithm_points()
    golden.write(
        "normal-quantiles.json",
        {
            "script": "scripts/goldens/make_initializers.py",
            "normalQuantile": {"inputs": p, "outputs": norm.ppf(np.array(p)).tolist()},
            "log": {"inputs": x, "outputs": [math.log(value) for value in x]},
        },
    )


if __name__ == "__main__":
    main()
