"""How steady a processor is: the speed of a product that stays in its cache, in windows of 50 ms for ten seconds.

A virtual processor may be half of a core whose other half belongs to somebody else. Nothing on the machine shows
that, and every figure measured there moves with it.

Usage: OPENBLAS_NUM_THREADS=1 .peers/bin/python scripts/peers/steadiness.py [PROCESSOR]
"""
import os
import sys
import time

import numpy as np

SIZE, WINDOW, WINDOWS = 96, 0.05, 200

if len(sys.argv) > 1:
    os.sched_setaffinity(0, {int(sys.argv[1])})
left = np.ones((SIZE, SIZE), np.float32)
product = np.empty_like(left)
rates = []
for _ in range(WINDOWS):
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < WINDOW:
        np.matmul(left, left, out=product)
        count += 1
    rates.append(2 * SIZE**3 * count / (time.perf_counter() - begin) / 1e9)
low, middle, high = np.percentile(rates, [10, 50, 90])
print(f"GFLOP/s: {low:.0f} in the slowest tenth of windows, {middle:.0f} in the middle, {high:.0f} in the fastest;"
      f" {high / low:.2f} ×")
