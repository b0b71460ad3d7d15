"""NumPy: matrix products by the OpenBLAS in its wheel, and integer arrays."""

from contestant import arguments, serve

options = arguments(["wheel"])

import numpy as np
from threadpoolctl import threadpool_info

if options.work == "matmul":
    matrix = np.random.default_rng(0).random((2000, 2000)).astype(options.dtype)
    blas = [f"{library['internal_api']} {library['version']} {library['architecture']}"
            for library in threadpool_info()]
    serve(lambda: matrix @ matrix, options.seconds, "GFLOP/s", lambda seconds: 2 * 2000**3 / seconds / 1e9, blas=blas)
elif options.work == "add-one":
    numbers = np.arange(options.count, dtype=np.int64)
    serve(lambda: numbers + 1, options.seconds, "us", lambda seconds: seconds * 1e6)
