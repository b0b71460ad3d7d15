/// How rows of channels are cut into blocks and shards, and what normalising needs of each channel.
#pragma once

#include "operations.h"

/// A tensor [.., channels] that is normalised over all but its last dimension.
typedef struct {
  int32_t dtype;
  int64_t element_size;
  int64_t rows, channels;
  /// Rows that are read as one, so that there are columns enough for a few vectors.
  int64_t fold;
  /// Rows whose sums are in the tensor's own type; those of blocks are joined in double.
  int64_t block_rows;
  /// Parts of the rows, whole blocks each, that depend on the shape alone.
  int64_t blocks, shards;
} lk_norm_shape;

lk_norm_shape lk_norm_shape_of(const lk_tensor *tensor);

/// The first row of a shard.
int64_t lk_norm_shard_begin(const lk_norm_shape *shape, int64_t shard);

/// Bytes of scratch memory of a kernel that reads a block.
int64_t lk_norm_scratch_size(const lk_norm_shape *shape);

/// Columns of a line: whole folds, long enough to be worth a loop.
int64_t lk_norm_line_width(const lk_norm_shape *shape);

/// mean, factor and offset of every column of a line from scale, offset, mean and variance of the channels; one
/// function for all passes, so that they agree about where a ReLU lets through. False when there is no memory.
bool lk_norm_line_create(lk_context *context, const lk_norm_shape *shape, const lk_instruction *instruction,
                         const lk_tensor *scale_and_offset, const lk_tensor *mean, const lk_tensor *variance,
                         lk_norm_line *line);

/// 1 / sqrt(variance + epsilon).
double lk_norm_inverse_deviation(const lk_instruction *instruction, const lk_tensor *variance, int64_t channel);

/// Puts an element of a row of channels in the place of every column that stands for it.
void lk_norm_repeat(const lk_norm_shape *shape, void *columns);

/// An element of a floating-point tensor.
static inline double lk_real(const lk_tensor *tensor, int64_t index) {
  return tensor->dtype == LK_FLOAT64 ? ((const double *)tensor->data)[index]
                                     : (double)((const float *)tensor->data)[index];
}

/// Rounds a number to an element of floats or doubles.
static inline void lk_put_real(int32_t dtype, void *data, int64_t index, double value) {
  if (dtype == LK_FLOAT64) {
    ((double *)data)[index] = value;
  } else {
    ((float *)data)[index] = (float)value;
  }
}
