/// Walking several tensors of one shape, each with strides of its own.
#pragma once

#include "tensor.h"

enum { LK_MAX_STRIDED = 4 };

/// A shape and, for each operand, how many elements apart neighbours along each axis lie. A stride of 0
/// repeats elements.
typedef struct {
  int rank;
  int operands;
  int64_t sizes[LK_MAX_RANK];
  int64_t strides[LK_MAX_STRIDED][LK_MAX_RANK];
} lk_strided;

/// Starts with a shape and no operand.
void lk_strided_init(lk_strided *walk, int rank, const int64_t *sizes);

/// Adds an operand with given strides.
void lk_strided_add(lk_strided *walk, const int64_t *strides);

/// Adds a tensor that is broadcast to the shape by NumPy's rule.
void lk_strided_add_broadcast(lk_strided *walk, const lk_tensor *tensor);

/// Drops axes of size 1 and joins neighbouring axes that every operand walks as one. The order of elements
/// stays. Of a single element no axis is left.
void lk_strided_coalesce(lk_strided *walk);

/// How many rows (everything but the last axis) there are, and how long they are.
int64_t lk_strided_rows(const lk_strided *walk);
int64_t lk_strided_row_length(const lk_strided *walk);

/// The stride of the last axis.
int64_t lk_strided_step(const lk_strided *walk, int operand);

/// Where a row begins in each operand.
void lk_strided_row_offsets(const lk_strided *walk, int64_t row, int64_t *offsets);
