/// Copying elements between two strided layouts: what transposition, slices, padding and concatenation are.
#pragma once

#include "../runtime/context.h"

/// One side of a copy.
typedef struct {
  void *data;
  int64_t strides[LK_MAX_RANK];
} lk_layout;

/// Copies `sizes` elements of `element_size` (1, 4 or 8) bytes. Input strides may be 0.
void lk_copy_strided(lk_context *context, const lk_layout *output, const lk_layout *input, int rank,
                     const int64_t *sizes, int64_t element_size);

/// Zeros, in parallel.
void lk_clear(lk_context *context, void *data, int64_t byte_count);
