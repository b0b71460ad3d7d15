/// Sizes of tensors.
#pragma once

#include "../include/lockstep_kernels.h"

/// Bytes of an element.
static inline int64_t lk_element_size(int32_t dtype) {
  switch (dtype) {
    case LK_FLOAT64:
    case LK_INT64:
      return 8;
    case LK_FLOAT32:
    case LK_INT32:
      return 4;
    default:
      return 1;
  }
}

/// Whether elements are float32 or float64.
static inline bool lk_is_floating(int32_t dtype) { return dtype == LK_FLOAT32 || dtype == LK_FLOAT64; }

/// The product of the dimensions from `begin` to before `end`.
static inline int64_t lk_extent(const lk_tensor *tensor, int begin, int end) {
  int64_t product = 1;
  for (int axis = begin; axis < end; axis++) {
    product *= tensor->shape[axis];
  }
  return product;
}

/// How many elements the tensor has.
static inline int64_t lk_count(const lk_tensor *tensor) { return lk_extent(tensor, 0, tensor->rank); }

/// How far apart, in elements, neighbours along each axis lie.
static inline void lk_dense_strides(const lk_tensor *tensor, int64_t *strides) {
  int64_t stride = 1;
  for (int axis = tensor->rank - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= tensor->shape[axis];
  }
}
