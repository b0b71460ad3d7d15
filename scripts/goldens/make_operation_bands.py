"""operation-bands.json: ρ of every element of matrix products and convolutions, from NumPy in float64.

ρ = |C − R| / (2⁻²⁴ · S + K · 2⁻¹⁴⁹): C was rounded on the way, badly or on purpose wrong; R and S are the same
sums in float64, S of magnitudes; K is the number of terms. Limits: green min(4√K, K + 2), amber K + 2.
"""

import math

import golden
import numpy as np

UNIT = 2.0**-24
TINIEST = 2.0**-149


def bands(name, terms, inputs, got, exact, magnitudes):
    rho = np.abs(got.astype(np.float64) - exact) / (UNIT * magnitudes + terms * TINIEST)
    green, amber = min(4 * math.sqrt(terms), terms + 2), terms + 2
    return {
        "name": name,
        "terms": terms,
        "inputs": [golden.tensor(value) for value in inputs],
        "output": golden.tensor(got),
        "rho": golden.tensor(rho),
        "amberCount": int(((rho > green) & (rho <= amber)).sum()),
        "redCount": int((rho > amber).sum()),
    }


def bfloat16(array):
    """The nearest numbers with 8 significant bits, ties away from zero."""
    bits = np.asarray(array, np.float32).view(np.uint32)
    return ((bits + 0x8000) & 0xFFFF0000).astype(np.uint32).view(np.float32)


def serial(a, b):
    """A matrix product in float32, one term after the other."""
    result = np.zeros((a.shape[0], b.shape[1]), np.float32)
    for k in range(a.shape[1]):
        result += a[:, k : k + 1] * b[k : k + 1]
    return result


def coarse(a, b):
    """The same with every partial sum pushed upwards by up to a unit: amber, as rounding one way would be."""
    result = np.zeros((a.shape[0], b.shape[1]), np.float32)
    for k in range(a.shape[1]):
        result = np.nextafter(result + a[:, k : k + 1] * b[k : k + 1], np.float32(np.inf))
    return result


def matmuls():
    for rows, inner, columns in [(1, 1, 1), (3, 4, 5), (4, 97, 3), (2, 300, 2)]:
        random = golden.random_for(f"bands {rows} {inner} {columns}")
        a = random.uniform(-2, 2, (rows, inner)).astype(np.float32)
        b = random.uniform(-2, 2, (inner, columns)).astype(np.float32)
        exact = a.astype(np.float64) @ b.astype(np.float64)
        magnitudes = np.abs(a).astype(np.float64) @ np.abs(b).astype(np.float64)
        results = {
            "sound": serial(a, b),
            "last term dropped": serial(a[:, :-1], b[:-1]),
            "bfloat16": serial(bfloat16(a), bfloat16(b)),
        }
        for kind, got in results.items():
            yield bands(f"matmul {kind} {inner}", inner, [a, b], got, exact, magnitudes)
    # Positive terms that grow: rounding upwards all the way adds up.
    a = np.linspace(1, 2, 300, dtype=np.float32).reshape(1, 300)
    b = np.ones((300, 2), np.float32)
    exact, got = a.astype(np.float64) @ b.astype(np.float64), coarse(a, b)
    yield bands("matmul coarse 300", 300, [a, b], got, exact, exact)


def convolve(x, weight):
    """3×3, same padding, stride 1, channels last, in the operands' precision."""
    batch, height, width, _ = x.shape
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    result = np.zeros((batch, height, width, weight.shape[3]), x.dtype)
    for y in range(3):
        for column in range(3):
            for channel in range(weight.shape[2]):
                result += padded[:, y : y + height, column : column + width, channel, None] * weight[y, column, channel]
    return result


def convolutions():
    random = golden.random_for("bands conv2D")
    x = random.uniform(-2, 2, (2, 4, 5, 3)).astype(np.float32)
    weight = random.uniform(-1, 1, (3, 3, 3, 4)).astype(np.float32)
    exact = convolve(x.astype(np.float64), weight.astype(np.float64))
    magnitudes = convolve(np.abs(x).astype(np.float64), np.abs(weight).astype(np.float64))
    shifted = np.roll(weight, 1, axis=2)
    results = {"sound": convolve(x, weight), "wrong channel": convolve(x, shifted)}
    for kind, got in results.items():
        yield bands(f"conv2D {kind}", 27, [x, weight], got, exact, magnitudes)


if __name__ == "__main__":
    golden.write("operation-bands.json", [*matmuls(), *convolutions()])
