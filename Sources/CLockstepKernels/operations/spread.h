/// Rows of a matrix written as columns of another.
#pragma once

#include "operations.h"

#define LK_SPREAD(type)                                                                                      \
  static inline void lk_spread_##type(type *restrict target, const type *restrict source, int64_t count,     \
                                      int64_t stride) {                                                      \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      target[i * stride] = source[i];                                                                        \
    }                                                                                                        \
  }

LK_SPREAD(float)
LK_SPREAD(double)

#undef LK_SPREAD

/// target[i · stride] = source[i] for `count` floating-point elements; strides are counted in elements.
static inline void lk_spread(int32_t dtype, void *target, const void *source, int64_t count, int64_t stride) {
  if (dtype == LK_FLOAT64) {
    lk_spread_double(target, source, count, stride);
  } else {
    lk_spread_float(target, source, count, stride);
  }
}
