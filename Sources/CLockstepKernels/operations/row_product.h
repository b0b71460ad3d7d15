/// Products of a row and a large matrix: a dense layer and one image.
#pragma once

#include "packed_product.h"

/// Whether this is faster than OpenBLAS. Shape and level alone decide, since the bits depend on it.
bool lk_row_product_pays(const lk_context *context, const lk_product *product);

/// Computes it on all threads.
lk_status lk_row_product(lk_context *context, const lk_product *product);
