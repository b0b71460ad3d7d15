/// The inner loops that exist once for every instruction-set level.
///
/// An operation (folder `operations`) finds out what is contiguous, cuts the work into shards and calls these
/// on runs of elements. A level (folder `levels`) compiles the same bodies (folder `bodies`) for its vector
/// width. Tables are indexed by function and dtype; an entry that is NULL is not supported.
#pragma once

#include "../include/lockstep_kernels.h"

enum { LK_UNARY_COUNT = 22, LK_BINARY_COUNT = 19, LK_DTYPE_COUNT = 6, LK_FLOAT_COUNT = 2 };

/// Reductions that run over elements; a mean is a sum, divided.
enum { LK_REDUCTION_COUNT = 5 };

/// output[i] = f(inputs[0][i], …) for `count` elements in a row. The output overlaps no input.
typedef void (*lk_elementwise_kernel)(void *output, const void *const inputs[], int64_t count);

/// One result of `count` ≥ 1 values in a row.
typedef void (*lk_row_kernel)(void *result, const void *values, int64_t count);

/// `columns` results of `rows` ≥ 1 rows that lie `row_stride` elements apart.
typedef void (*lk_column_kernel)(void *results, const void *values, int64_t rows, int64_t row_stride,
                                 int64_t columns);

/// total[i] = combine(total[i], other[i]).
typedef void (*lk_accumulate_kernel)(void *total, const void *other, int64_t count);

/// One row of softmax or log-softmax.
typedef void (*lk_softmax_kernel)(void *output, const void *input, int64_t count);

/// One row of the gradient of softmax or log-softmax.
typedef void (*lk_softmax_gradient_kernel)(void *output, const void *y, const void *gradient, int64_t count);

/// The loss of one example.
typedef void (*lk_cross_entropy_kernel)(void *loss, const void *logits, int64_t label, double smoothing,
                                        int64_t count);

/// One row of the cross-entropy's gradient, `upstream` being the example's.
typedef void (*lk_cross_entropy_gradient_kernel)(void *output, const void *logits, int64_t label,
                                                 double smoothing, const void *upstream, int64_t count);

/// A row of output pixels of a convolution, for a block of output channels. Each output element is the sum, in
/// this order, over runs of input elements that lie together in memory.
typedef struct {
  const void *input;      // of the first pixel
  int64_t input_stride;   // elements from one pixel to the next
  const int64_t *offsets; // elements from a pixel to each of its runs
  int64_t runs, run_length;
  const void *weight;    // [runs · run_length, channels]
  int64_t weight_stride; // elements from one of its rows to the next
  void *output;
  int64_t output_stride;
  int64_t pixels;
  int64_t channels; // at most the level's block; in a depthwise convolution any number
  const void *bias; // one for each channel, or NULL
  bool relu;        // whether negative results become 0
} lk_convolution_row;

typedef void (*lk_convolution_row_kernel)(const lk_convolution_row *row);

/// Products of images and output gradients that are added to a weight's gradient: for one run of input
/// elements and a block of output channels, over some rows of pixels.
typedef struct {
  const void *input; // the run of the first pixel
  int64_t input_stride, input_row_stride;
  const int64_t *offsets; // depthwise: elements from a pixel to each tap
  int64_t terms;          // elements of the run; depthwise: taps
  const void *gradient;
  int64_t gradient_stride, gradient_row_stride;
  int64_t rows, pixels;
  void *weight; // [terms, channels]
  int64_t weight_stride;
  int64_t channels;
  bool is_first; // the weight's gradient starts from zero
} lk_weight_gradient_run;

typedef void (*lk_weight_gradient_kernel)(const lk_weight_gradient_run *run);

/// A row of 2×2 tiles on its way into or out of the 16 planes of Winograd's algorithm, [16, tiles, channels].
typedef struct {
  const void *input;
  void *output;
  int64_t row_elements; // of the image
  int64_t plane;        // elements from one plane to the next
  int64_t tiles, channels;
  int64_t rows, columns; // of the result: how many are inside of the image
  const void *bias;      // NULL: none
  bool relu;
} lk_winograd_row;

typedef void (*lk_winograd_kernel)(const lk_winograd_row *row);

/// The weights of `count` pairs of channels, taps `stride` elements apart, to 16 planes.
typedef void (*lk_winograd_taps_kernel)(void *output, int64_t plane, const void *const taps[9],
                                        int64_t stride, int64_t count);

/// The number that stands for no tap of a window.
enum { LK_NO_TAP = 255 };

/// A row of the windows of a max pool that is fused with a convolution.
typedef struct {
  const void *input;
  int64_t row_elements; // from one row of the input to the next
  void *output;
  uint8_t *taps;
  int64_t windows, channels;
  int64_t kernel_height, kernel_width;
  bool relu; // whether results that are not positive pass no gradient
} lk_pool_row;

typedef void (*lk_pool_row_kernel)(const lk_pool_row *row);

typedef void (*lk_unpool_kernel)(void *output, const void *gradient, const uint8_t *taps, uint8_t tap,
                                 int64_t channels);

typedef void (*lk_mask_kernel)(void *output, const void *gradient, const void *result, int64_t count);

typedef void (*lk_masked_sum_kernel)(void *total, const void *gradient, const void *mask, int64_t pixels,
                                     int64_t channels);

typedef int64_t (*lk_list_kernel)(void *values, int32_t *offsets, const void *gradient, const uint8_t *taps,
                                  uint8_t tap, int64_t channels, int32_t scale);

/// The elements of a gradient that are not zero, in one output channel, and the weight that they are added to.
/// Kernels are 3 or 5 high, and runs are whole vectors.
typedef struct {
  const void *values;
  const int32_t *offsets; // of each one's first run in the image, in elements
  int64_t count;
  const void *image;
  int64_t row_elements;
  void *weight; // [kernel_height, run_length]
  int64_t kernel_height, run_length;
  bool is_first;
} lk_sparse_list;

typedef void (*lk_sparse_list_kernel)(const lk_sparse_list *list);

/// The elements of a row of a gradient that are not zero, and the row of the target that they are added to.
/// Kernels are 3 or 5 wide, and channels are whole vectors.
typedef struct {
  const void *values;
  const int32_t *offsets; // of each one's weight, in elements
  const int32_t *ends;    // of each pixel, in the list
  int64_t pixels;
  const void *weight; // [output channels, kernel_width, channels]
  void *target;       // [pixels + kernel_width, channels]
  int64_t kernel_width, channels;
} lk_sparse_row;

typedef void (*lk_sparse_row_kernel)(const lk_sparse_row *row);

/// Puts a tap of a max-pool window against the best so far, channel by channel.
typedef void (*lk_pool_tap_kernel)(void *best, int32_t *positions, const void *values, int32_t position,
                                   int64_t channels);

/// output[c] = positions[c] == position ? gradient[c] : 0.
typedef void (*lk_pool_route_kernel)(void *output, const void *gradient, const int32_t *positions,
                                     int32_t position, int64_t channels);

/// The numbers of one optimizer step.
typedef struct {
  double learning_rate, momentum, weight_decay;
  bool nesterov;
} lk_sgd_step;

/// A run of parameters; what is new may take the place of what it was.
typedef void (*lk_sgd_kernel)(const lk_sgd_step *step, void *new_parameter, void *new_velocity,
                              const void *parameter, const void *gradient, const void *velocity,
                              int64_t count);

/// The numbers of one step of Adam, as the instruction has them.
typedef struct {
  double step_size, beta1, beta2, epsilon, root_correction, coupled_decay, shrinkage;
} lk_adam_step;

/// A run of parameters; outputs and inputs are the parameter, m and v, and what is new may take the place of what
/// it was.
typedef void (*lk_adam_kernel)(const lk_adam_step *step, void *const outputs[3], const void *const inputs[3],
                               const void *gradient, int64_t count);

/// Rows of channels that are normalised: rows × channels numbers, one row behind the other. `fold` rows are read
/// as one long row, so that few channels fill a vector, too; `scratch` holds lk_norm_scratch_size bytes.
typedef struct {
  int64_t rows, channels, fold;
  void *scratch;
} lk_norm_block;

/// The moments of each channel over the rows seen so far: mean, sum of the squared deviations from it, plain sum.
typedef struct {
  double *mean, *squares, *sum;
  int64_t rows;
} lk_norm_moments;

/// What normalising needs of each of `width` columns: (x - mean) * factor + offset.
typedef struct {
  const void *mean, *factor, *offset;
  bool relu;
} lk_norm_line;

/// Adds a block to the moments.
typedef void (*lk_norm_moments_kernel)(lk_norm_moments *moments, const void *x, const lk_norm_block *block);

/// y = (x - mean) * factor + offset, or 0 where that is less and there is a ReLU; `count` elements of rows of
/// `width` columns, the first at column 0.
typedef void (*lk_norm_apply_kernel)(void *y, const void *x, const lk_norm_line *line, int64_t width,
                                     int64_t count);

/// Adds to each channel's sums those of g, and of g * (x - mean), over a block; g counts as 0 where the ReLU
/// was. The line's columns are as many as a folded row's.
typedef void (*lk_norm_sums_kernel)(double *sums, double *products, const void *gradient, const void *x,
                                    const lk_norm_line *line, const lk_norm_block *block);

/// dx = (g - shift - (x - mean) * slope) * factor, where shift and slope are given for each column.
typedef void (*lk_norm_gradient_kernel)(void *dx, const void *gradient, const void *x,
                                        const lk_norm_line *line, const void *shift, const void *slope,
                                        int64_t width, int64_t count);

/// columns[g · size + s] = values[g], times scale[g · size + s] where there is a scale.
typedef void (*lk_group_spread_kernel)(void *columns, const double *values, const void *scale, int64_t groups,
                                       int64_t size);

/// dx = g * factor - shift - (x - mean) * slope, columns as those of lk_norm_gradient_kernel.
typedef void (*lk_group_gradient_kernel)(void *dx, const void *gradient, const void *x,
                                         const lk_norm_line *line, const void *shift, const void *slope,
                                         int64_t width, int64_t count);

/// Sums of a matrix [rows, columns] with weights, in double, and of its squares where `squares` is not NULL.
/// Along its rows there is a result for each row; along its columns one for each column, added to what is there.
typedef void (*lk_projection_kernel)(double *sums, double *squares, const void *values, int64_t rows,
                                     int64_t row_stride, int64_t columns, const double *weights);

/// sums[c] += factors[r] · matrix[r, c] over rows of a dense matrix, in their order.
typedef void (*lk_scaled_rows_kernel)(void *sums, const void *factors, const void *matrix, int64_t rows,
                                      int64_t columns);

typedef struct {
  lk_isa isa;
  lk_elementwise_kernel unary[LK_UNARY_COUNT][LK_DTYPE_COUNT];
  lk_elementwise_kernel binary[LK_BINARY_COUNT][LK_DTYPE_COUNT];
  lk_elementwise_kernel cast[LK_DTYPE_COUNT][LK_DTYPE_COUNT]; // from, to
  lk_elementwise_kernel select[LK_DTYPE_COUNT];
  lk_row_kernel reduce_row[LK_REDUCTION_COUNT][LK_DTYPE_COUNT];
  lk_column_kernel reduce_columns[LK_REDUCTION_COUNT][LK_DTYPE_COUNT];
  lk_accumulate_kernel accumulate[LK_REDUCTION_COUNT][LK_DTYPE_COUNT];
  lk_softmax_kernel softmax[LK_FLOAT_COUNT];
  lk_softmax_kernel log_softmax[LK_FLOAT_COUNT];
  lk_softmax_gradient_kernel softmax_gradient[LK_FLOAT_COUNT];
  lk_softmax_gradient_kernel log_softmax_gradient[LK_FLOAT_COUNT];
  lk_cross_entropy_kernel cross_entropy[LK_FLOAT_COUNT];
  lk_cross_entropy_gradient_kernel cross_entropy_gradient[LK_FLOAT_COUNT];
  /// Output channels that a convolution kernel computes at a time. Weights and gradients are readable up to a
  /// whole vector, half of it.
  int64_t block_channels[LK_FLOAT_COUNT];
  /// Pixels, or terms of a weight's gradient, that a convolution kernel has accumulators for.
  int64_t tile_rows;
  lk_convolution_row_kernel convolve_row[LK_FLOAT_COUNT];
  lk_convolution_row_kernel convolve_depthwise_row[LK_FLOAT_COUNT];
  lk_weight_gradient_kernel add_weight_gradient[LK_FLOAT_COUNT];
  lk_weight_gradient_kernel add_depthwise_weight_gradient[LK_FLOAT_COUNT];
  lk_winograd_kernel winograd_pixels[LK_FLOAT_COUNT];
  lk_winograd_kernel winograd_products[LK_FLOAT_COUNT];
  lk_winograd_taps_kernel winograd_taps[LK_FLOAT_COUNT];
  lk_pool_row_kernel pool_band_row[LK_FLOAT_COUNT];
  lk_unpool_kernel unpool_pixel[LK_FLOAT_COUNT];
  lk_mask_kernel mask_gradient[LK_FLOAT_COUNT];
  lk_masked_sum_kernel add_tap_rows[LK_FLOAT_COUNT];
  lk_masked_sum_kernel add_positive_rows[LK_FLOAT_COUNT];
  lk_list_kernel list_pixel[LK_FLOAT_COUNT];
  lk_sparse_list_kernel add_sparse_weight_gradient[LK_FLOAT_COUNT];
  lk_sparse_row_kernel add_sparse_row[LK_FLOAT_COUNT];
  lk_pool_tap_kernel pool_tap[LK_FLOAT_COUNT];
  lk_pool_route_kernel pool_route[LK_FLOAT_COUNT];
  lk_sgd_kernel sgd[LK_FLOAT_COUNT];
  lk_adam_kernel adam[LK_FLOAT_COUNT];
  lk_norm_moments_kernel norm_moments[LK_FLOAT_COUNT];
  lk_norm_apply_kernel norm_apply[LK_FLOAT_COUNT];
  lk_norm_sums_kernel norm_sums[LK_FLOAT_COUNT];
  lk_norm_gradient_kernel norm_gradient[LK_FLOAT_COUNT];
  lk_group_spread_kernel group_spread[LK_FLOAT_COUNT];
  lk_group_gradient_kernel group_gradient[LK_FLOAT_COUNT];
  lk_projection_kernel project_rows[LK_FLOAT_COUNT];
  lk_projection_kernel project_columns[LK_FLOAT_COUNT];
  lk_scaled_rows_kernel add_scaled_rows[LK_FLOAT_COUNT];
} lk_kernel_table;
