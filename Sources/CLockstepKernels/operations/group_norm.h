/// How images are cut into groups of channels that are normalised by themselves, and what their lines are made of.
#pragma once

#include "batch_norm.h"

/// A tensor [batch, pixels, groups, size], each group of each image normalised over pixels and size.
typedef struct {
  /// An image as rows of channels, its pixels.
  lk_norm_shape image;
  int64_t batch, groups, size;
  /// Columns of a line: whole folds, and many of them where there are pixels to use them.
  int64_t width;
  /// Bytes of an image, and of a line rounded up to whole vectors.
  int64_t image_bytes, line_bytes;
} lk_group_shape;

lk_group_shape lk_group_shape_of(const lk_instruction *instruction, const lk_tensor *x);

/// 1 / sqrt(variance + epsilon) of a group, counted through the batch.
double lk_group_inverse_deviation(const lk_instruction *instruction, const lk_tensor *variance, int64_t group);

/// A number for each group, times the channel's scale if there is one, in the place of every column of a line.
void lk_group_line(const lk_kernel_table *kernels, const lk_group_shape *shape, void *columns,
                   const double *values, const void *scale);
