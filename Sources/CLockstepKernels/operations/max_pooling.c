/// Max pooling, its gradient, and the gather that is the adjoint of the gradient.
///
/// Loop order: rows of windows (tasks), windows, taps, channels. Where windows don't overlap the gradient
/// goes the same way and each pixel is written once, by comparing positions. Where they do, a task takes one
/// image and a few channels of it and adds window by window, so the order is fixed.
#include <stdatomic.h>
#include <string.h>

#include "pooling.h"

typedef struct {
  lk_pooling pool;
  const lk_kernel_table *kernels;
  const char *input;
  char *output;
  int32_t *positions;
  int64_t channel_tasks;
  _Atomic bool out_of_range;
} pool_job;

/// Channels of an overlapping gradient that make a task: whole cache lines, whatever the type.
static const int64_t channels_per_task = 64;

/// Rows begin ..< end of windows, counted through the batch.
static void pool_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const pool_job *job = arguments;
  const lk_pooling *pool = &job->pool;
  lk_pool_tap_kernel tap = job->kernels->pool_tap[pool->dtype];
  for (int64_t window = begin * pool->out_width; window < end * pool->out_width; window++) {
    int64_t n = window / (pool->out_width * pool->out_height);
    lk_span rows = lk_window_rows(pool, window / pool->out_width % pool->out_height);
    lk_span columns = lk_window_columns(pool, window % pool->out_width);
    const char *image = job->input + n * lk_image_elements(pool) * pool->element_size;
    char *best = job->output + window * pool->channels * pool->element_size;
    int32_t *positions = job->positions + window * pool->channels;
    int32_t first = (int32_t)(rows.first * pool->width + columns.first);
    memcpy(best, image + first * pool->channels * pool->element_size,
           (size_t)(pool->channels * pool->element_size));
    for (int64_t c = 0; c < pool->channels; c++) {
      positions[c] = first;
    }
    for (int64_t y = rows.first; y < rows.last; y++) {
      for (int64_t x = columns.first; x < columns.last; x++) {
        int64_t position = y * pool->width + x;
        if (position != first) {
          tap(best, positions, image + position * pool->channels * pool->element_size, (int32_t)position,
              pool->channels);
        }
      }
    }
  }
}

lk_status lk_max_pool2d(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype) || image->shape[1] * image->shape[2] > INT32_MAX) {
    return LK_ERROR_UNSUPPORTED;
  }
  pool_job job = {.pool = lk_pooling_of(instruction, image, output), .kernels = context->kernels};
  job.input = image->data;
  job.output = output->data;
  job.positions = instruction->outputs[1].data;
  if (lk_count(output) == 0) {
    return LK_OK;
  }
  int64_t cost = job.pool.out_width * job.pool.channels * job.pool.kernel_height * job.pool.kernel_width;
  lk_parallel_for(context, job.pool.batch * job.pool.out_height, lk_grain(cost), pool_rows, &job);
  return LK_OK;
}

/// One line of the image, from a row of windows that covers it.
static void route_line(const pool_job *job, int64_t row, int64_t y, char *line) {
  const lk_pooling *pool = &job->pool;
  lk_pool_route_kernel route = job->kernels->pool_route[pool->dtype];
  int64_t pixel_bytes = pool->channels * pool->element_size;
  int64_t done = 0;
  for (int64_t x = 0; x < pool->out_width; x++) {
    int64_t window = row * pool->out_width + x;
    const char *gradient = job->input + window * pixel_bytes;
    const int32_t *positions = job->positions + window * pool->channels;
    lk_span columns = lk_window_columns(pool, x);
    memset(line + done * pixel_bytes, 0, (size_t)((columns.first - done) * pixel_bytes));
    for (int64_t column = columns.first; column < columns.last; column++) {
      int32_t position = (int32_t)(y * pool->width + column);
      route(line + column * pixel_bytes, gradient, positions, position, pool->channels);
    }
    done = columns.last;
  }
  memset(line + done * pixel_bytes, 0, (size_t)((pool->width - done) * pixel_bytes));
}

/// Rows begin ..< end of disjoint windows. A task also clears the lines between its windows and the next.
static void route_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const pool_job *job = arguments;
  const lk_pooling *pool = &job->pool;
  int64_t line_bytes = pool->width * pool->channels * pool->element_size;
  for (int64_t row = begin; row < end; row++) {
    int64_t out_y = row % pool->out_height;
    bool is_last = out_y == pool->out_height - 1;
    lk_span rows = lk_window_rows(pool, out_y);
    int64_t first = out_y == 0 ? 0 : rows.first;
    int64_t next = is_last ? pool->height : lk_window_rows(pool, out_y + 1).first;
    char *image = job->output + row / pool->out_height * lk_image_elements(pool) * pool->element_size;
    for (int64_t y = first; y < next; y++) {
      char *line = image + y * line_bytes;
      if (y >= rows.first && y < rows.last) {
        route_line(job, row, y, line);
      } else {
        memset(line, 0, (size_t)line_bytes);
      }
    }
  }
}

#define LK_ADD_AT_POSITIONS(type)                                                                            \
  /* Windows of one image in scan order, channels first ..< last. False if a position is outside. */         \
  static bool add_at_positions_##type(const lk_pooling *pool, type *image, const type *gradient,             \
                                      const int32_t *positions, int64_t first, int64_t last) {               \
    uint32_t pixels = (uint32_t)(pool->height * pool->width);                                                \
    bool in_range = true;                                                                                    \
    for (int64_t window = 0; window < pool->out_height * pool->out_width; window++) {                        \
      for (int64_t c = first; c < last; c++) {                                                               \
        uint32_t position = (uint32_t)positions[window * pool->channels + c];                                \
        if (position < pixels) {                                                                             \
          image[position * pool->channels + c] += gradient[window * pool->channels + c];                     \
        } else {                                                                                             \
          in_range = false;                                                                                  \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
    return in_range;                                                                                         \
  }

LK_ADD_AT_POSITIONS(float)
LK_ADD_AT_POSITIONS(double)

static void clear_channels(const lk_pooling *pool, char *image, int64_t first, int64_t last) {
  for (int64_t pixel = 0; pixel < pool->height * pool->width; pixel++) {
    memset(image + (pixel * pool->channels + first) * pool->element_size, 0,
           (size_t)((last - first) * pool->element_size));
  }
}

/// Tasks begin ..< end of [batch, runs of channels].
static void add_windows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  pool_job *job = arguments;
  const lk_pooling *pool = &job->pool;
  for (int64_t task = begin; task < end; task++) {
    int64_t n = task / job->channel_tasks;
    int64_t first = task % job->channel_tasks * channels_per_task;
    int64_t last = lk_minimum(pool->channels, first + channels_per_task);
    char *image = job->output + n * lk_image_elements(pool) * pool->element_size;
    const char *gradient = job->input + n * lk_output_elements(pool) * pool->element_size;
    const int32_t *positions = job->positions + n * lk_output_elements(pool);
    clear_channels(pool, image, first, last);
    bool in_range = pool->dtype == LK_FLOAT64
                        ? add_at_positions_double(pool, (double *)image, (const double *)gradient, positions,
                                                  first, last)
                        : add_at_positions_float(pool, (float *)image, (const float *)gradient, positions,
                                                 first, last);
    if (!in_range) {
      atomic_store_explicit(&job->out_of_range, true, memory_order_relaxed);
    }
  }
}

lk_status lk_max_pool2d_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *gradient = &instruction->inputs[0];
  const lk_tensor *image = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  pool_job job = {.pool = lk_pooling_of(instruction, image, gradient), .kernels = context->kernels};
  const lk_pooling *pool = &job.pool;
  job.input = gradient->data;
  job.output = image->data;
  job.positions = instruction->inputs[1].data;
  if (lk_count(image) == 0) {
    return LK_OK;
  }
  if (pool->stride_height >= pool->kernel_height && pool->stride_width >= pool->kernel_width) {
    int64_t cost = pool->width * pool->channels * pool->stride_height;
    lk_parallel_for(context, pool->batch * pool->out_height, lk_grain(cost), route_rows, &job);
    return LK_OK;
  }
  job.channel_tasks = lk_divide_up(pool->channels, channels_per_task);
  lk_parallel_for(context, pool->batch * job.channel_tasks, 1, add_windows, &job);
  return job.out_of_range ? LK_ERROR_INDEX_OUT_OF_RANGE : LK_OK;
}

#define LK_TAKE_POSITIONS(type)                                                                              \
  /* Rows begin ..< end of windows, counted through the batch. */                                            \
  static void take_positions_##type(void *arguments, int64_t begin, int64_t end, int worker) {               \
    (void)worker;                                                                                            \
    pool_job *job = arguments;                                                                               \
    const lk_pooling *pool = &job->pool;                                                                     \
    uint32_t pixels = (uint32_t)(pool->height * pool->width);                                                \
    int64_t row = pool->out_width * pool->channels;                                                          \
    for (int64_t i = begin * row; i < end * row; i++) {                                                      \
      const type *image = (const type *)job->input + i / lk_output_elements(pool) * lk_image_elements(pool); \
      uint32_t position = (uint32_t)job->positions[i];                                                       \
      if (position < pixels) {                                                                               \
        ((type *)job->output)[i] = image[position * pool->channels + i % pool->channels];                    \
      } else {                                                                                               \
        atomic_store_explicit(&job->out_of_range, true, memory_order_relaxed);                               \
      }                                                                                                      \
    }                                                                                                        \
  }

LK_TAKE_POSITIONS(float)
LK_TAKE_POSITIONS(double)

lk_status lk_max_pool2d_gather(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  pool_job job = {.pool = lk_pooling_of(instruction, image, output), .kernels = context->kernels};
  job.input = image->data;
  job.output = output->data;
  job.positions = instruction->inputs[1].data;
  if (lk_count(output) == 0) {
    return LK_OK;
  }
  lk_range_task task = image->dtype == LK_FLOAT64 ? take_positions_double : take_positions_float;
  int64_t cost = job.pool.out_width * job.pool.channels;
  lk_parallel_for(context, job.pool.batch * job.pool.out_height, lk_grain(cost), task, &job);
  return job.out_of_range ? LK_ERROR_INDEX_OUT_OF_RANGE : LK_OK;
}
