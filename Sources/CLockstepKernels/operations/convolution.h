/// The sizes of a convolution, and how it and its input gradient are computed band by band.
#pragma once

#include "operations.h"

/// A convolution of images [batch, height, width, channels] to [batch, out_height, out_width, out_channels].
typedef struct {
  int32_t dtype;
  int64_t element_size;
  int64_t batch;
  int64_t height, width, channels;
  int64_t out_height, out_width, out_channels;
  int64_t kernel_height, kernel_width;
  int64_t groups;
  int64_t group_channels, group_out_channels;
  int64_t stride_height, stride_width;
  /// Zeros above and to the left; the rest follows from the sizes.
  int64_t padding_top, padding_left;
  int64_t dilation_height, dilation_width;
  int32_t algorithm;
} lk_convolution;

/// The geometry of an instruction, whose operands are an image, a weight and an output.
lk_convolution lk_convolution_of(const lk_instruction *instruction, const lk_tensor *image,
                                 const lk_tensor *weight, const lk_tensor *output);

/// Length of a patch: what one output element sums up.
static inline int64_t lk_patch_length(const lk_convolution *shape) {
  return shape->kernel_height * shape->kernel_width * shape->group_channels;
}

/// Pixels of the output over the whole batch.
static inline int64_t lk_output_pixels(const lk_convolution *shape) {
  return shape->batch * shape->out_height * shape->out_width;
}

/// Whether every channel is convolved by itself, to one output channel.
static inline bool lk_is_depthwise(const lk_convolution *shape) {
  return shape->groups > 1 && shape->group_channels == 1 && shape->group_out_channels == 1;
}

/// Pixels of an image [height, width, pixel_bytes]: some rows and columns, of which any may lie outside.
typedef struct {
  const char *image;
  int64_t height, width, pixel_bytes;
  int64_t first_row, rows, first_column, columns;
} lk_image_window;

/// Writes the pixels [rows, columns], zeros where there is no image.
void lk_copy_window(const lk_image_window *window, char *target);

/// Whether the whole window lies inside of the image.
static inline bool lk_window_is_inside(const lk_image_window *window) {
  return window->first_row >= 0 && window->first_row + window->rows <= window->height &&
         window->first_column >= 0 && window->first_column + window->columns <= window->width;
}

/// How many rows of pixels make a band, so that what it reads stays in the second-level cache and there are
/// bands for all threads. Bands never show in a result.
int64_t lk_rows_per_band(int64_t batch, int64_t rows, int64_t row_bytes);

/// Runs of source elements that make a target pixel, for those target pixels that are some steps away from a
/// first one. A convolution is one stencil, its input gradient one for each remainder of a pixel by the stride.
typedef struct {
  int64_t first_row, rows, first_column, columns;
  int64_t runs, run_length;              // elements
  const int64_t *run_rows, *run_columns; // where each run begins, from the source pixel of the target pixel
  const char *weight;
  int64_t weight_block_stride, weight_group_stride; // elements
} lk_stencil;

/// Reads a window of a source image n where it is not just a copy: see lk_convolution_plan.
typedef void (*lk_window_reader)(const void *arguments, int64_t n, const lk_image_window *window,
                                 char *target);

/// A convolution, in either direction, as sums over runs of source pixels.
typedef struct {
  int32_t dtype;
  int64_t element_size;
  int64_t batch, groups;
  const char *source;
  int64_t source_height, source_width, source_channels;
  char *target;
  int64_t target_height, target_width, target_channels;
  bool is_depthwise;
  int64_t source_step_height, source_step_width; // source pixels from one target pixel to the next
  int64_t target_step_height, target_step_width;
  const lk_stencil *stencils;
  int64_t stencil_count;
  int64_t weight_stride; // elements
  const char *bias;      // NULL: none
  bool relu;
  lk_window_reader read; // NULL: the source is an image as it is
  const void *read_arguments;
  int64_t pool_height, pool_width; // of a max pool with windows side by side behind it; 0: none
  uint8_t *taps;                   // which tap won each window
  const char *winograd_weight;     // as it is in the instruction; NULL: stencils are summed directly
  bool winograd_turned;            // as in the input gradient
} lk_convolution_plan;

/// Whether Winograd's algorithm was asked for, and can compute it.
static inline bool lk_uses_winograd(const lk_convolution *shape) {
  return shape->algorithm == LK_WINOGRAD && shape->kernel_height == 3 && shape->kernel_width == 3 &&
         shape->stride_height == 1 && shape->stride_width == 1 && shape->dilation_height == 1 &&
         shape->dilation_width == 1 && shape->groups == 1;
}

/// Pools rows first ..< last of the result for image n, which are whole windows, into the target.
void lk_pool_rows(const lk_kernel_table *kernels, const lk_convolution_plan *plan, int64_t n, int64_t first,
                  int64_t last, const char *rows);

/// Computes the target by Winograd's algorithm.
lk_status lk_run_winograd(lk_context *context, const lk_convolution_plan *plan);

/// Computes the target.
lk_status lk_run_convolution(lk_context *context, const lk_convolution_plan *plan);

/// Plans the convolution itself, with the weight as it is or, if it has to be, in packed blocks.
bool lk_plan_convolution(lk_context *context, const lk_convolution *shape, const void *image,
                         const void *weight, void *output, lk_convolution_plan *plan);

/// Plans the gradient at the input, with a turned and packed weight.
bool lk_plan_input_gradient(lk_context *context, const lk_convolution *shape, const void *gradient,
                            const void *weight, void *image, lk_convolution_plan *plan);
