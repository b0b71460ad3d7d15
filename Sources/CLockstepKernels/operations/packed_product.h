/// Large matrix products by kernels of our own.
#pragma once

#include "gemm.h"

/// C [batches, m, n] = A [batches, m, k] · B [batches, k, n], all of them dense.
typedef struct {
  int32_t dtype;
  int64_t batches, m, n, k;
  lk_matrix a, b; // the first of each
  char *c;
} lk_product;

/// Whether this is faster than OpenBLAS. Shape and level alone decide, since the bits depend on it.
bool lk_packed_product_pays(const lk_context *context, const lk_product *product);

/// Computes it on all threads. Takes scratch memory for 4 KiB of every row of A and column of B.
lk_status lk_packed_product(lk_context *context, const lk_product *product);
