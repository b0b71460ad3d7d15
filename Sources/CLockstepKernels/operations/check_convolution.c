/// The checks of a convolution y = x * w and its gradients.
///
/// All three are linear in either factor, so images are added up over the batch and weights over the channels
/// that appear only in the result, with random signs; what is left is the convolution of one image with one
/// weight, small enough to be computed in double precision here. Forward and at the input every pixel of the
/// result gives a number to compare for each group, at the weight every kernel tap.
#include <math.h>

#include "convolution.h"
#include "projection.h"

static lk_matrix_view view(const void *data, int32_t dtype, int64_t rows, int64_t columns, int64_t stride) {
  return (lk_matrix_view){data, dtype, rows, columns, stride};
}

static const void *element(const lk_tensor *tensor, int64_t index) {
  return (const char *)tensor->data + index * lk_element_size(tensor->dtype);
}

/// A batch of images added up with signs, and the sum of the squares of each pixel's channels in each group.
typedef struct {
  int64_t pixels, channels, groups;
  double *sums;    // [pixels, channels]
  double *squares; // [pixels, groups]; NULL where they are not needed
} batch_sum;

static bool add_batch(lk_context *context, const lk_tensor *images, int64_t groups, const double *signs,
                      bool squares, batch_sum *sum) {
  sum->pixels = images->shape[1] * images->shape[2];
  sum->channels = images->shape[3];
  sum->groups = groups;
  int64_t columns = sum->pixels * sum->channels;
  sum->sums = lk_zeros(context, columns);
  double *element_squares = squares ? lk_zeros(context, columns) : NULL;
  sum->squares = squares ? lk_zeros(context, sum->pixels * groups) : NULL;
  if (sum->sums == NULL || (squares && (element_squares == NULL || sum->squares == NULL))) {
    return false;
  }
  lk_matrix_view matrix = view(images->data, images->dtype, images->shape[0], columns, columns);
  if (!lk_project_columns(context, matrix, signs, sum->sums, element_squares)) {
    return false;
  }
  int64_t in_group = sum->channels / groups;
  for (int64_t index = 0; squares && index < sum->pixels * groups; index++) {
    sum->squares[index] = lk_total(element_squares + index * in_group, in_group);
  }
  return true;
}

/// A weight added up over channels in (for a gradient at the input) or out, with signs.
typedef struct {
  double *sums;  // [groups, taps, channels left]
  double *norms; // [groups]: the sum of the squares
} weight_sum;

static bool add_weight(lk_context *context, const lk_convolution *shape, const lk_tensor *weight, bool over_in,
                       const double *signs, weight_sum *sum) {
  int64_t taps = shape->kernel_height * shape->kernel_width;
  int64_t in = shape->group_channels;
  int64_t out = shape->group_out_channels;
  int64_t left = over_in ? out : in;
  sum->sums = lk_zeros(context, shape->groups * taps * left);
  sum->norms = lk_zeros(context, shape->groups);
  double *squares = lk_zeros(context, shape->groups * taps * left);
  if (sum->sums == NULL || sum->norms == NULL || squares == NULL) {
    return false;
  }
  for (int64_t group = 0; group < shape->groups; group++) {
    int64_t target = group * taps * left;
    const double *group_signs = signs + group * (over_in ? in : out);
    if (over_in) {
      for (int64_t tap = 0; tap < taps; tap++) {
        const void *data = element(weight, tap * in * shape->out_channels + group * out);
        lk_matrix_view matrix = view(data, weight->dtype, in, out, shape->out_channels);
        if (!lk_project_columns(context, matrix, group_signs, sum->sums + target + tap * left,
                                squares + target + tap * left)) {
          return false;
        }
      }
    } else {
      lk_matrix_view matrix =
          view(element(weight, group * out), weight->dtype, taps * in, out, shape->out_channels);
      lk_project_rows(context, matrix, group_signs, sum->sums + target, squares + target);
    }
    sum->norms[group] = lk_total(squares + target, taps * left);
  }
  return true;
}

/// The small convolution that is left, forward or backward.
typedef struct {
  const lk_convolution *shape;
  bool backward;
  const batch_sum *source;
  const weight_sum *weight;
  double *sums;    // [pixels of the result, groups]
  double *squares; // the same: of the pixels that went into each
} small_convolution;

/// Where the source pixel of a tap is along one axis, or -1.
static int64_t source_of(bool backward, int64_t result, int64_t tap, int64_t stride, int64_t dilation,
                         int64_t padding, int64_t size) {
  if (!backward) {
    int64_t source = result * stride + tap * dilation - padding;
    return source < size ? source : -1;
  }
  int64_t scaled = result + padding - tap * dilation;
  return scaled >= 0 && scaled % stride == 0 && scaled / stride < size ? scaled / stride : -1;
}

static double dot(const double *a, const double *b, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t index = 0; index < count; index++) {
    sum += a[index] * b[index];
  }
  return sum;
}

/// Pixels begin ..< end of the result.
static void convolve_small(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const small_convolution *job = arguments;
  const lk_convolution *shape = job->shape;
  const batch_sum *source = job->source;
  int64_t groups = shape->groups;
  int64_t in_group = source->channels / groups;
  int64_t width = job->backward ? shape->width : shape->out_width;
  int64_t source_height = job->backward ? shape->out_height : shape->height;
  int64_t source_width = job->backward ? shape->out_width : shape->width;
  int64_t taps = shape->kernel_height * shape->kernel_width;
  for (int64_t item = begin * taps; item < end * taps; item++) {
    int64_t pixel = item / taps;
    int64_t tap = item % taps;
    int64_t y = source_of(job->backward, pixel / width, tap / shape->kernel_width, shape->stride_height,
                          shape->dilation_height, shape->padding_top, source_height);
    int64_t x = source_of(job->backward, pixel % width, tap % shape->kernel_width, shape->stride_width,
                          shape->dilation_width, shape->padding_left, source_width);
    if (y < 0 || x < 0) {
      continue;
    }
    int64_t from = y * source_width + x;
    for (int64_t group = 0; group < groups; group++) {
      job->sums[pixel * groups + group] +=
          dot(source->sums + from * source->channels + group * in_group,
              job->weight->sums + (group * taps + tap) * in_group, in_group);
      job->squares[pixel * groups + group] += source->squares[from * groups + group];
    }
  }
}

/// Compares the result, added up over the batch and the channels of each group, with the small convolution.
static lk_status compare_pixels(lk_context *context, small_convolution job, const lk_tensor *result,
                                const double *batch_signs, const double *channel_signs, lk_check *check) {
  const lk_convolution *shape = job.shape;
  batch_sum got;
  if (!add_batch(context, result, shape->groups, batch_signs, false, &got)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  int64_t count = got.pixels * shape->groups;
  job.sums = lk_zeros(context, count);
  job.squares = lk_zeros(context, count);
  if (job.sums == NULL || job.squares == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  int64_t in_group = job.source->channels / shape->groups;
  int64_t terms = shape->kernel_height * shape->kernel_width * in_group;
  lk_parallel_for(context, got.pixels, lk_grain(4 * terms * shape->groups), convolve_small, &job);
  int64_t left = got.channels / shape->groups;
  check->elements_per_sum = result->shape[0] * left;
  for (int64_t index = 0; index < count; index++) {
    int64_t group = index % shape->groups;
    double sum = dot(got.sums + index * left, channel_signs + group * left, left);
    lk_check_sum(check, result->dtype, terms, sum, job.sums[index],
                 sqrt(job.squares[index] * job.weight->norms[group]));
  }
  return LK_OK;
}

static lk_status check_pixels(lk_context *context, const lk_convolution *shape, bool backward,
                              const lk_instruction *instruction, const double *signs, lk_check *check) {
  const lk_tensor *source = &instruction->inputs[0];
  const double *channel_signs = signs + shape->batch;
  batch_sum images;
  weight_sum weight;
  if (!add_batch(context, source, shape->groups, signs, true, &images) ||
      !add_weight(context, shape, &instruction->inputs[1], backward, channel_signs, &weight)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  small_convolution job = {.shape = shape, .backward = backward, .source = &images, .weight = &weight};
  return compare_pixels(context, job, &instruction->outputs[0], signs, channel_signs, check);
}

lk_status lk_check_conv2d(lk_context *context, const lk_instruction *instruction, const double *signs,
                          lk_check *check) {
  lk_convolution shape = lk_convolution_of(instruction, &instruction->inputs[0], &instruction->inputs[1],
                                           &instruction->outputs[0]);
  return check_pixels(context, &shape, false, instruction, signs, check);
}

lk_status lk_check_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction,
                                         const double *signs, lk_check *check) {
  lk_convolution shape = lk_convolution_of(instruction, &instruction->outputs[0], &instruction->inputs[1],
                                           &instruction->inputs[0]);
  return check_pixels(context, &shape, true, instruction, signs, check);
}

/// Images of one group added up over its channels, laid out on a common grid of pixels so that a kernel tap is
/// an offset.
typedef struct {
  double *grid;  // [batch, grid height, grid width]
  double square; // the sum of the squares
} channel_sum;

typedef struct {
  int64_t height, width;
} grid_size;

static bool add_channels(lk_context *context, const lk_tensor *images, int64_t first, int64_t channels,
                         const double *signs, grid_size grid, int64_t top, int64_t left, int64_t step_y,
                         int64_t step_x, channel_sum *sum) {
  int64_t height = images->shape[1];
  int64_t width = images->shape[2];
  int64_t pixels = images->shape[0] * height * width;
  double *sums = lk_scratch_allocate(&context->scratch, 2 * pixels, sizeof(double));
  sum->grid = lk_zeros(context, images->shape[0] * grid.height * grid.width);
  if (sums == NULL || sum->grid == NULL) {
    return false;
  }
  lk_matrix_view matrix =
      view(element(images, first), images->dtype, pixels, channels, images->shape[3]);
  lk_project_rows(context, matrix, signs, sums, sums + pixels);
  sum->square = lk_total(sums + pixels, pixels);
  for (int64_t row = 0; row < images->shape[0] * height; row++) {
    double *target =
        sum->grid + (row / height * grid.height + row % height * step_y + top) * grid.width + left;
    for (int64_t x = 0; x < width; x++) {
      target[x * step_x] = sums[row * width + x];
    }
  }
  return true;
}

/// A dot product for each kernel tap.
typedef struct {
  const lk_convolution *shape;
  grid_size grid;
  const double *images;
  const double *gradients;
  lk_projection_kernel kernel;
  double *sums; // [taps]
} tap_job;

static void correlate_taps(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const tap_job *job = arguments;
  const lk_convolution *shape = job->shape;
  int64_t count = shape->batch * job->grid.height * job->grid.width;
  for (int64_t tap = begin; tap < end; tap++) {
    int64_t offset = tap / shape->kernel_width * shape->dilation_height * job->grid.width +
                     tap % shape->kernel_width * shape->dilation_width;
    job->kernel(job->sums + tap, NULL, job->images + offset, 1, count, count - offset, job->gradients);
  }
}

/// One group of the gradient at the weight.
static lk_status check_weight_group(lk_context *context, const lk_convolution *shape, int64_t group,
                                    const lk_instruction *instruction, const double *signs,
                                    lk_check *check) {
  const lk_tensor *result = &instruction->outputs[0];
  int64_t in = shape->group_channels;
  int64_t out = shape->group_out_channels;
  int64_t taps = shape->kernel_height * shape->kernel_width;
  const double *in_signs = signs + group * in;
  const double *out_signs = signs + shape->channels + group * out;
  int64_t span_y = (shape->out_height - 1) * shape->stride_height +
                   (shape->kernel_height - 1) * shape->dilation_height + 1;
  int64_t span_x = (shape->out_width - 1) * shape->stride_width +
                   (shape->kernel_width - 1) * shape->dilation_width + 1;
  grid_size grid = {lk_maximum(shape->height + shape->padding_top, span_y),
                    lk_maximum(shape->width + shape->padding_left, span_x)};
  channel_sum images;
  channel_sum gradients;
  double *got = lk_zeros(context, taps * in + taps);
  if (got == NULL ||
      !add_channels(context, &instruction->inputs[0], group * in, in, in_signs, grid, shape->padding_top,
                    shape->padding_left, 1, 1, &images) ||
      !add_channels(context, &instruction->inputs[1], group * out, out, out_signs, grid, 0, 0,
                    shape->stride_height, shape->stride_width, &gradients)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  tap_job job = {.shape = shape,
                 .grid = grid,
                 .images = images.grid,
                 .gradients = gradients.grid,
                 .kernel = context->kernels->project_rows[LK_FLOAT64],
                 .sums = got + taps * in};
  lk_parallel_for(context, taps, 1, correlate_taps, &job);
  lk_matrix_view matrix = view(element(result, group * out), result->dtype, taps * in, out, shape->out_channels);
  lk_project_rows(context, matrix, out_signs, got, NULL);
  for (int64_t tap = 0; tap < taps; tap++) {
    lk_check_sum(check, result->dtype, lk_output_pixels(shape), dot(got + tap * in, in_signs, in),
                 job.sums[tap], sqrt(images.square * gradients.square));
  }
  return LK_OK;
}

lk_status lk_check_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction,
                                          const double *signs, lk_check *check) {
  lk_convolution shape = lk_convolution_of(instruction, &instruction->inputs[0], &instruction->outputs[0],
                                           &instruction->inputs[1]);
  check->elements_per_sum = shape.group_channels * shape.group_out_channels;
  for (int64_t group = 0; group < shape.groups; group++) {
    lk_status status = check_weight_group(context, &shape, group, instruction, signs, check);
    if (status != LK_OK) {
      return status;
    }
  }
  return LK_OK;
}
