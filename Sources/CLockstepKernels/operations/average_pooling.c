/// Average pooling and its gradient.
///
/// Loop order: rows of windows (tasks), windows, taps, channels. The gradient is a gather: each pixel adds up
/// the windows that cover it in scan order, so overlapping windows need no care.
#include "pooling.h"

#pragma STDC FP_CONTRACT OFF

typedef struct {
  lk_pooling pool;
  const void *input;
  void *output;
} average_job;

/// By how much a window's sum is divided.
static int64_t divisor(const lk_pooling *pool, lk_span rows, lk_span columns) {
  return pool->counts_padding ? pool->kernel_height * pool->kernel_width
                              : (rows.last - rows.first) * (columns.last - columns.first);
}

/// The windows, out of `count`, that cover a pixel: those with start <= pixel < start + kernel.
static lk_span covering(int64_t pixel, int64_t kernel, int64_t stride, int64_t padding, int64_t count) {
  int64_t last = lk_minimum(count, (pixel + padding) / stride + 1);
  int64_t beyond = pixel + padding - kernel;
  int64_t first = beyond < 0 ? 0 : beyond / stride + 1;
  return (lk_span){first, last};
}

#define LK_AVERAGE_POOLING(type)                                                                             \
  static void add_##type(type *restrict total, const type *restrict values, int64_t count) {                 \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      total[i] += values[i];                                                                                 \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  static void add_quotients_##type(type *restrict total, const type *restrict values, type divisor,          \
                                   int64_t count) {                                                          \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      total[i] += values[i] / divisor;                                                                       \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  /* Rows begin ..< end of windows, counted through the batch. */                                            \
  static void average_rows_##type(void *arguments, int64_t begin, int64_t end, int worker) {                 \
    (void)worker;                                                                                            \
    const average_job *job = arguments;                                                                      \
    const lk_pooling *pool = &job->pool;                                                                     \
    for (int64_t window = begin * pool->out_width; window < end * pool->out_width; window++) {               \
      int64_t n = window / (pool->out_width * pool->out_height);                                             \
      lk_span rows = lk_window_rows(pool, window / pool->out_width % pool->out_height);                      \
      lk_span columns = lk_window_columns(pool, window % pool->out_width);                                   \
      const type *image = (const type *)job->input + n * lk_image_elements(pool);                            \
      type *total = (type *)job->output + window * pool->channels;                                           \
      type count = (type)divisor(pool, rows, columns);                                                       \
      for (int64_t c = 0; c < pool->channels; c++) {                                                         \
        total[c] = 0;                                                                                        \
      }                                                                                                      \
      for (int64_t y = rows.first; y < rows.last; y++) {                                                     \
        for (int64_t x = columns.first; x < columns.last; x++) {                                             \
          add_##type(total, image + (y * pool->width + x) * pool->channels, pool->channels);                 \
        }                                                                                                    \
      }                                                                                                      \
      for (int64_t c = 0; c < pool->channels; c++) {                                                         \
        total[c] /= count;                                                                                   \
      }                                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  /* One pixel of the gradient, from the windows that cover it. */                                           \
  static void gather_windows_##type(const lk_pooling *pool, const type *gradient, lk_span ys, lk_span xs,    \
                                    type *total) {                                                           \
    for (int64_t c = 0; c < pool->channels; c++) {                                                           \
      total[c] = 0;                                                                                          \
    }                                                                                                        \
    for (int64_t y = ys.first; y < ys.last; y++) {                                                           \
      for (int64_t x = xs.first; x < xs.last; x++) {                                                         \
        type count = (type)divisor(pool, lk_window_rows(pool, y), lk_window_columns(pool, x));               \
        const type *values = gradient + (y * pool->out_width + x) * pool->channels;                          \
        add_quotients_##type(total, values, count, pool->channels);                                          \
      }                                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  /* Rows begin ..< end of the image, counted through the batch. */                                          \
  static void gradient_rows_##type(void *arguments, int64_t begin, int64_t end, int worker) {                \
    (void)worker;                                                                                            \
    const average_job *job = arguments;                                                                      \
    const lk_pooling *pool = &job->pool;                                                                     \
    for (int64_t row = begin; row < end; row++) {                                                            \
      const type *gradient = (const type *)job->input + row / pool->height * lk_output_elements(pool);       \
      lk_span ys = covering(row % pool->height, pool->kernel_height, pool->stride_height, pool->padding_top, \
                            pool->out_height);                                                               \
      for (int64_t x = 0; x < pool->width; x++) {                                                            \
        lk_span xs = covering(x, pool->kernel_width, pool->stride_width, pool->padding_left,                 \
                              pool->out_width);                                                              \
        type *total = (type *)job->output + (row * pool->width + x) * pool->channels;                        \
        gather_windows_##type(pool, gradient, ys, xs, total);                                                \
      }                                                                                                      \
    }                                                                                                        \
  }

LK_AVERAGE_POOLING(float)
LK_AVERAGE_POOLING(double)

lk_status lk_average_pool2d(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  average_job job = {lk_pooling_of(instruction, image, output), image->data, output->data};
  lk_range_task task = image->dtype == LK_FLOAT64 ? average_rows_double : average_rows_float;
  int64_t cost = job.pool.out_width * job.pool.channels * job.pool.kernel_height * job.pool.kernel_width;
  lk_parallel_for(context, job.pool.batch * job.pool.out_height, lk_grain(cost), task, &job);
  return LK_OK;
}

lk_status lk_average_pool2d_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *gradient = &instruction->inputs[0];
  const lk_tensor *image = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  average_job job = {lk_pooling_of(instruction, image, gradient), gradient->data, image->data};
  lk_range_task task = image->dtype == LK_FLOAT64 ? gradient_rows_double : gradient_rows_float;
  int64_t cost = job.pool.width * job.pool.channels;
  lk_parallel_for(context, job.pool.batch * job.pool.height, lk_grain(cost), task, &job);
  return LK_OK;
}
