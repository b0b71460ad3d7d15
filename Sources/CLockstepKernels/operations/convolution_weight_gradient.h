/// How the gradient at a convolution's weight is summed up.
#pragma once

#include "convolution.h"

/// Reads rows of the output gradient of image n, [rows, out_width, out_channels], where it is not just there.
typedef void (*lk_gradient_reader)(const void *arguments, int64_t n, int64_t first_row, int64_t rows,
                                   char *target);

typedef struct {
  const lk_convolution *shape;
  const char *image;
  const char *gradient;
  char *output;
  char *bias_gradient;     // NULL: not wanted
  lk_gradient_reader read; // NULL: the gradient is there as it is
  const void *read_arguments;
} lk_weight_gradient_plan;

lk_status lk_run_weight_gradient(lk_context *context, const lk_weight_gradient_plan *plan);
