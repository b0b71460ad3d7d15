"""summation.json: float32 sums with so many accumulators, and NumPy's own, of numbers from formula.py."""

import golden
import numpy as np
from formula import uniform


def accumulators(values, count):
    """Every count-th number is added in order; the sums are then added in a tree of halves."""
    sums = [
        np.add.accumulate(np.concatenate([np.zeros(1, np.float32), values[lane::count]]), dtype=np.float32)[-1]
        for lane in range(count)
    ]
    sums = np.array(sums, dtype=np.float32)
    while len(sums) > 1:
        half = len(sums) // 2
        sums = sums[:half] + sums[half:]
    return sums[0]


def bits(number):
    return int(np.float32(number).view(np.uint32))


def case(count):
    values = uniform(count, [count], 2)
    return {
        "count": count,
        "accumulators": {str(lanes): bits(accumulators(values, lanes)) for lanes in (1, 2, 4, 8, 16, 32)},
        "pairwise": bits(np.sum(values)),
    }


def main():
    counts = (0, 1, 7, 8, 31, 100, 127, 128, 129, 256, 1000, 4099, 20_000)
    golden.write("summation.json", [case(count) for count in counts])


if __name__ == "__main__":
    main()
