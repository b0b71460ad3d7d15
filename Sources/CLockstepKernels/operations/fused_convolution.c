/// A convolution fused with bias, ReLU and max pool, and its gradients.
///
/// Forward, bands of the convolution's result stay in the cache and are pooled there. Backward, the gradient in
/// front of ReLU and pool is made where it is read, band by band, or, where a pool leaves most of it zero, as a
/// list of what is left.
#include "fused_convolution.h"

#include <string.h>

#include "convolution_weight_gradient.h"
#include "shards.h"

static lk_fused_convolution fused_of(const lk_instruction *instruction, const lk_tensor *image,
                                     const lk_tensor *weight, const lk_tensor *result) {
  const lk_window *window = &instruction->attributes.conv2d.window;
  lk_fused_convolution fused = {
      .shape = lk_convolution_of(instruction, image, weight, result),
      .relu = instruction->attributes.conv2d.relu,
      .pool_height = instruction->attributes.conv2d.pool_height,
      .pool_width = instruction->attributes.conv2d.pool_width,
      .height = result->shape[1],
      .width = result->shape[2],
  };
  lk_convolution *shape = &fused.shape;
  int64_t span_height = (shape->kernel_height - 1) * shape->dilation_height + 1;
  int64_t span_width = (shape->kernel_width - 1) * shape->dilation_width + 1;
  shape->out_height =
      (shape->height + window->padding_top + window->padding_bottom - span_height) / shape->stride_height + 1;
  shape->out_width =
      (shape->width + window->padding_left + window->padding_right - span_width) / shape->stride_width + 1;
  return fused;
}

lk_status lk_fused_conv2d(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *weight = &instruction->inputs[1];
  const lk_tensor *result = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (lk_count(result) == 0) {
    return LK_OK;
  }
  lk_fused_convolution fused = fused_of(instruction, image, weight, result);
  if (lk_has_pool(&fused)) {
    // Rows and columns behind the last window are never looked at.
    fused.shape.out_height = fused.height * fused.pool_height;
    fused.shape.out_width = fused.width * fused.pool_width;
  }
  lk_convolution_plan plan;
  if (!lk_plan_convolution(context, &fused.shape, image->data, weight->data, result->data, &plan)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  plan.bias = instruction->input_count > 2 ? instruction->inputs[2].data : NULL;
  plan.relu = fused.relu;
  plan.pool_height = fused.pool_height;
  plan.pool_width = fused.pool_width;
  plan.taps = lk_has_pool(&fused) ? instruction->outputs[1].data : NULL;
  return lk_run_convolution(context, &plan);
}

typedef struct {
  const lk_fused_convolution *fused;
  const lk_kernel_table *kernels;
} reader;

/// Pixels first ..< last of a row of the gradient in front of ReLU and pool, all of them inside.
static void read_pixels(const reader *reader, int64_t n, int64_t y, int64_t first, int64_t last,
                        char *target) {
  const lk_fused_convolution *fused = reader->fused;
  const lk_convolution *shape = &fused->shape;
  int64_t size = shape->element_size;
  int64_t channels = shape->out_channels;
  if (!lk_has_pool(fused)) {
    int64_t offset = ((n * fused->height + y) * fused->width + first) * channels;
    reader->kernels->mask_gradient[shape->dtype](target, fused->gradient + offset * size,
                                                 (const char *)fused->mask + offset * size,
                                                 (last - first) * channels);
    return;
  }
  for (int64_t x = first; x < last; x++) {
    int64_t window = (n * fused->height + y / fused->pool_height) * fused->width + x / fused->pool_width;
    int64_t tap = y % fused->pool_height * fused->pool_width + x % fused->pool_width;
    reader->kernels->unpool_pixel[shape->dtype](target, fused->gradient + window * channels * size,
                                                (const uint8_t *)fused->mask + window * channels,
                                                (uint8_t)tap, channels);
    target += channels * size;
  }
}

/// Any window of it, zeros outside.
static void read_window(const void *arguments, int64_t n, const lk_image_window *window, char *target) {
  const reader *reader = arguments;
  const lk_fused_convolution *fused = reader->fused;
  int64_t pixel = window->pixel_bytes;
  int64_t height = lk_has_pool(fused) ? fused->height * fused->pool_height : fused->height;
  int64_t width = lk_has_pool(fused) ? fused->width * fused->pool_width : fused->width;
  int64_t before = lk_minimum(window->columns, lk_maximum(0, -window->first_column));
  int64_t inside = lk_maximum(0, lk_minimum(window->columns, width - window->first_column) - before);
  for (int64_t row = 0; row < window->rows; row++) {
    int64_t y = window->first_row + row;
    if (y < 0 || y >= height || inside == 0) {
      memset(target, 0, (size_t)(window->columns * pixel));
    } else {
      int64_t x = window->first_column + before;
      int64_t behind = window->columns - before - inside;
      memset(target, 0, (size_t)(before * pixel));
      read_pixels(reader, n, y, x, x + inside, target + before * pixel);
      memset(target + (before + inside) * pixel, 0, (size_t)(behind * pixel));
    }
    target += window->columns * pixel;
  }
}

/// Whole rows of it.
static void read_rows(const void *arguments, int64_t n, int64_t first, int64_t rows, char *target) {
  const reader *reader = arguments;
  const lk_convolution *shape = &reader->fused->shape;
  lk_image_window window = {
      .pixel_bytes = shape->out_channels * shape->element_size,
      .first_row = first,
      .rows = rows,
      .columns = shape->out_width,
  };
  read_window(arguments, n, &window, target);
}

lk_status lk_fused_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *gradient = &instruction->inputs[0];
  const lk_tensor *weight = &instruction->inputs[1];
  const lk_tensor *image = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (lk_count(image) == 0) {
    return LK_OK;
  }
  lk_fused_convolution fused = fused_of(instruction, image, weight, gradient);
  fused.gradient = gradient->data;
  fused.mask = instruction->inputs[2].data;
  if (lk_is_sparse(context->kernels, &fused)) {
    return lk_sparse_input_gradient(context, &fused, weight->data, image->data);
  }
  lk_convolution_plan plan;
  if (!lk_plan_input_gradient(context, &fused.shape, gradient->data, weight->data, image->data, &plan)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  reader reader = {&fused, context->kernels};
  plan.read = lk_has_mask(&fused) ? read_window : NULL;
  plan.read_arguments = &reader;
  return lk_run_convolution(context, &plan);
}

typedef struct {
  const lk_fused_convolution *fused;
  lk_masked_sum_kernel add;
  lk_accumulate_kernel accumulate;
  char *total, *partials, *rows;
} bias_job;

enum { bias_shards = LK_MOST_SHARDS };

/// Shards begin ..< end of the gradient's rows: each row is summed up by itself, then added to its shard's.
static void sum_bias(void *arguments, int64_t begin, int64_t end, int worker) {
  const bias_job *job = arguments;
  const lk_fused_convolution *fused = job->fused;
  int64_t channels = fused->shape.out_channels;
  int64_t bytes = channels * fused->shape.element_size;
  int64_t mask_size = lk_has_pool(fused) ? 1 : fused->shape.element_size;
  int64_t rows = fused->shape.batch * fused->height;
  char *sum = job->rows + worker * bytes;
  for (int64_t shard = begin; shard < end; shard++) {
    char *total = shard == 0 ? job->total : job->partials + (shard - 1) * bytes;
    memset(total, 0, (size_t)bytes);
    for (int64_t row = rows * shard / bias_shards; row < rows * (shard + 1) / bias_shards; row++) {
      int64_t offset = row * fused->width * channels;
      memset(sum, 0, (size_t)bytes);
      job->add(sum, fused->gradient + offset * fused->shape.element_size,
               (const char *)fused->mask + offset * mask_size, fused->width, channels);
      job->accumulate(total, sum, channels);
    }
  }
}

static lk_status bias_gradient(lk_context *context, const lk_fused_convolution *fused, void *output) {
  const lk_convolution *shape = &fused->shape;
  int threads = lk_thread_pool_threads(context->pool);
  bias_job job = {
      .fused = fused,
      .add = lk_has_pool(fused) ? context->kernels->add_tap_rows[shape->dtype]
                                : context->kernels->add_positive_rows[shape->dtype],
      .accumulate = context->kernels->accumulate[LK_SUM][shape->dtype],
      .total = output,
      .partials = lk_scratch_allocate(&context->scratch, (bias_shards - 1) * shape->out_channels,
                                      shape->element_size),
      .rows = lk_scratch_allocate(&context->scratch, threads * shape->out_channels, shape->element_size),
  };
  if (job.partials == NULL || job.rows == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  int64_t work = shape->batch * fused->height * fused->width * shape->out_channels;
  lk_parallel_for(context, bias_shards, work > LK_GRAIN ? 1 : bias_shards, sum_bias, &job);
  lk_add_partials(context, shape->dtype, output, job.partials, shape->out_channels, bias_shards);
  return LK_OK;
}

lk_status lk_fused_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *gradient = &instruction->inputs[1];
  const lk_tensor *weight = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_fused_convolution fused = fused_of(instruction, image, weight, gradient);
  fused.gradient = gradient->data;
  fused.mask = instruction->inputs[2].data;
  if (instruction->output_count > 1) {
    lk_status status = bias_gradient(context, &fused, instruction->outputs[1].data);
    if (status != LK_OK) {
      return status;
    }
  }
  bool is_empty = lk_count(image) == 0 || lk_count(gradient) == 0;
  if (!is_empty && lk_is_sparse(context->kernels, &fused)) {
    return lk_sparse_weight_gradient(context, &fused, image->data, weight->data);
  }
  reader reader = {&fused, context->kernels};
  lk_weight_gradient_plan plan = {
      .shape = &fused.shape,
      .image = image->data,
      .gradient = gradient->data,
      .output = weight->data,
      .read = lk_has_mask(&fused) ? read_rows : NULL,
      .read_arguments = &reader,
  };
  return lk_run_weight_gradient(context, &plan);
}
