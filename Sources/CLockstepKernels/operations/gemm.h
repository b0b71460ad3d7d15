/// Matrix products by OpenBLAS, on one thread: parallelism is that of the caller's shards.
#pragma once

#include "operations.h"

/// A row-major matrix whose rows lie `stride` elements apart.
typedef struct {
  const void *data;
  int64_t stride;
  bool transposed;
} lk_matrix;

/// C [m, n] = A [m, k] · B [k, n], added to what C holds if `accumulate`. Sizes may be 0.
void lk_gemm(int32_t dtype, int64_t m, int64_t n, int64_t k, lk_matrix a, lk_matrix b, bool accumulate,
             void *c, int64_t c_stride);
