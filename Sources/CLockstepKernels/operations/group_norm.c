/// Group normalisation: y = (x - mean) / sqrt(variance + epsilon) * scale + offset, with the moments of each group of
/// each image, and scale and offset of each channel. One group of one pixel is layer normalisation.
///
/// Tasks are images. The moments are made as those of batch normalisation (see batch_norm.c), channel by channel,
/// and those of a group's channels joined in double; or of the group as one channel, where it lies together in
/// memory and is long. Which of the two is decided by the shape alone.
#include "group_norm.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// A run that is read as one channel is folded into 64 columns: it must fill them a few times.
static const int64_t least_run = 256;

lk_group_shape lk_group_shape_of(const lk_instruction *instruction, const lk_tensor *x) {
  lk_tensor image = {
      .shape = {lk_extent(x, 1, x->rank - 1), x->shape[x->rank - 1]}, .rank = 2, .dtype = x->dtype};
  lk_group_shape shape = {
      .image = lk_norm_shape_of(&image),
      .batch = x->shape[0],
      .groups = instruction->attributes.group_norm.groups,
  };
  shape.size = shape.image.channels / shape.groups;
  shape.width = shape.image.rows == 1 ? shape.image.fold * shape.image.channels : lk_norm_line_width(&shape.image);
  shape.image_bytes = lk_count(&image) * shape.image.element_size;
  shape.line_bytes = lk_divide_up(shape.width * shape.image.element_size, 64) * 64;
  return shape;
}

double lk_group_inverse_deviation(const lk_instruction *instruction, const lk_tensor *variance, int64_t group) {
  return 1 / sqrt(lk_real(variance, group) + instruction->attributes.group_norm.epsilon);
}

/// Puts the first channels of a line in the place of all that follow.
static void repeat(const lk_group_shape *shape, char *columns) {
  int64_t size = shape->image.channels * shape->image.element_size;
  for (int64_t filled = size; filled < shape->width * shape->image.element_size; filled += size) {
    memcpy(columns + filled, columns, (size_t)size);
  }
}

void lk_group_line(const lk_kernel_table *kernels, const lk_group_shape *shape, void *columns,
                   const double *values, const void *scale) {
  kernels->group_spread[shape->image.dtype](columns, values, scale, shape->groups, shape->size);
  repeat(shape, columns);
}

typedef struct {
  const lk_group_shape *shape;
  const lk_instruction *instruction;
  const lk_kernel_table *kernels;
  /// What the moments are made of: channels, or a run of them as one.
  lk_norm_shape source;
  const void *offset; // a line
  char *buffers;
  int64_t buffer_size;
} group_job;

/// A worker's memory: moments of the source's channels, a mean and an inverse deviation of each group, scratch
/// memory of a kernel, two lines.
typedef struct {
  lk_norm_moments moments;
  double *mean, *inverse;
  char *scratch, *mean_line, *factor_line;
} group_buffer;

static int64_t scratch_bytes(const lk_norm_shape *source) {
  return lk_divide_up(lk_norm_scratch_size(source), 64) * 64;
}

static int64_t buffer_bytes(const group_job *job) {
  int64_t numbers = 3 * job->source.channels + 2 * job->shape->groups;
  return lk_divide_up(numbers * (int64_t)sizeof(double), 64) * 64 + scratch_bytes(&job->source) +
         2 * job->shape->line_bytes;
}

static group_buffer buffer_of(const group_job *job, int worker) {
  double *numbers = (double *)(job->buffers + worker * job->buffer_size);
  int64_t channels = job->source.channels;
  int64_t groups = job->shape->groups;
  char *lines = (char *)numbers + job->buffer_size - 2 * job->shape->line_bytes;
  return (group_buffer){
      .moments = {.mean = numbers, .squares = numbers + channels, .sum = numbers + 2 * channels},
      .mean = numbers + 3 * channels,
      .inverse = numbers + 3 * channels + groups,
      .scratch = lines - scratch_bytes(&job->source),
      .mean_line = lines,
      .factor_line = lines + job->shape->line_bytes,
  };
}

/// The moments of the source's channels.
static void find_moments(const group_job *job, group_buffer *buffer, const char *x) {
  const lk_norm_shape *source = &job->source;
  buffer->moments.rows = 0;
  memset(buffer->moments.mean, 0, (size_t)(3 * source->channels) * sizeof(double));
  for (int64_t row = 0; row < source->rows; row += source->block_rows) {
    lk_norm_block block = {
        .rows = lk_minimum(source->block_rows, source->rows - row),
        .channels = source->channels,
        .fold = source->fold,
        .scratch = buffer->scratch,
    };
    job->kernels->norm_moments[source->dtype](
        &buffer->moments, x + row * source->channels * source->element_size, &block);
  }
}

/// Writes the moments of a group, counted through the batch, out of those of `count` channels from `first` on.
static void join_channels(const group_job *job, const lk_norm_moments *moments, int64_t first, int64_t count,
                          int64_t group) {
  double mean = 0;
  double sum = 0;
  for (int64_t c = first; c < first + count; c++) {
    mean += moments->mean[c];
    sum += moments->sum[c];
  }
  double rows = (double)job->source.rows;
  mean /= (double)count;
  double squares = 0;
  for (int64_t c = first; c < first + count; c++) {
    double difference = moments->mean[c] - mean;
    squares += moments->squares[c] + rows * difference * difference;
  }
  double total = rows * (double)count;
  const lk_tensor *outputs = job->instruction->outputs;
  // Differences of infinities are NaN, where their sum is none.
  lk_put_real(outputs[1].dtype, outputs[1].data, group, isfinite(mean) ? mean : sum / total);
  lk_put_real(outputs[2].dtype, outputs[2].data, group, squares / total);
}

/// Images begin ..< end.
static void normalise_images(void *arguments, int64_t begin, int64_t end, int worker) {
  const group_job *job = arguments;
  const lk_group_shape *shape = job->shape;
  const lk_instruction *instruction = job->instruction;
  const lk_tensor *outputs = instruction->outputs;
  group_buffer buffer = buffer_of(job, worker);
  bool is_run = job->source.channels == 1;
  for (int64_t image = begin; image < end; image++) {
    const char *x = (const char *)instruction->inputs[0].data + image * shape->image_bytes;
    if (!is_run) {
      find_moments(job, &buffer, x);
    }
    for (int64_t g = 0; g < shape->groups; g++) {
      int64_t group = image * shape->groups + g;
      if (is_run) {
        find_moments(job, &buffer, x + g * shape->size * shape->image.element_size);
      }
      join_channels(job, &buffer.moments, is_run ? 0 : g * shape->size, is_run ? 1 : shape->size, group);
      buffer.mean[g] = lk_real(&outputs[1], group);
      buffer.inverse[g] = lk_group_inverse_deviation(instruction, &outputs[2], group);
    }
    lk_group_line(job->kernels, shape, buffer.mean_line, buffer.mean, NULL);
    lk_group_line(job->kernels, shape, buffer.factor_line, buffer.inverse, instruction->inputs[1].data);
    lk_norm_line line = {.mean = buffer.mean_line, .factor = buffer.factor_line, .offset = job->offset};
    job->kernels->norm_apply[shape->image.dtype]((char *)outputs[0].data + image * shape->image_bytes, x, &line,
                                                 shape->width, shape->image.rows * shape->image.channels);
  }
}

/// A channel of its own for each run, if groups are runs and long enough.
static lk_norm_shape source_of(const lk_group_shape *shape) {
  int64_t run = shape->image.rows * shape->size;
  if ((shape->groups > 1 && shape->image.rows > 1) || (run < least_run && shape->image.channels > 1)) {
    return shape->image;
  }
  lk_tensor column = {.shape = {run, 1}, .rank = 2, .dtype = shape->image.dtype};
  return lk_norm_shape_of(&column);
}

/// Moments of nothing.
static void fill_with_nan(const lk_tensor *tensor) {
  for (int64_t index = 0; index < lk_count(tensor); index++) {
    lk_put_real(tensor->dtype, tensor->data, index, (double)NAN);
  }
}

lk_status lk_group_norm(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *inputs = instruction->inputs;
  if (!lk_is_floating(inputs[0].dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_group_shape shape = lk_group_shape_of(instruction, &inputs[0]);
  if (lk_count(&inputs[0]) == 0) {
    fill_with_nan(&instruction->outputs[1]);
    fill_with_nan(&instruction->outputs[2]);
    return LK_OK;
  }
  group_job job = {
      .shape = &shape,
      .instruction = instruction,
      .kernels = context->kernels,
      .source = source_of(&shape),
  };
  job.buffer_size = buffer_bytes(&job);
  job.buffers = lk_scratch_allocate(&context->scratch, lk_context_threads(context), job.buffer_size);
  char *offset = lk_scratch_allocate(&context->scratch, 1, shape.line_bytes);
  if (job.buffers == NULL || offset == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  memcpy(offset, inputs[2].data, (size_t)(shape.image.channels * shape.image.element_size));
  repeat(&shape, offset);
  job.offset = offset;
  int64_t cost = shape.image.rows * shape.image.channels;
  lk_parallel_for(context, shape.batch, lk_grain(2 * cost), normalise_images, &job);
  return LK_OK;
}
