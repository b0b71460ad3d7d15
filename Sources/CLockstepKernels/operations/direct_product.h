/// Matrix products of few rows or with a short inner dimension, those of dense layers, by kernels of our own.
#pragma once

#include "packed_product.h"

/// Whether this is faster than OpenBLAS. Shape and level alone decide, since the bits depend on it.
bool lk_direct_product_pays(const lk_context *context, const lk_product *product);

/// Computes it on all threads.
lk_status lk_direct_product(lk_context *context, const lk_product *product);
