/// The gradient of group normalisation at x, scale and offset, from upstream gradients g, with d = x - mean, i = 1 /
/// sqrt(variance + epsilon) and n the numbers of a group:
///
///   dOffset = sum g        dScale = sum g * d * i
///   dx = g * scale * i - i * (sum g * scale) / n - d * i * i * i * (sum g * scale * d) / n
///
/// dOffset and dScale are sums over all images, the others over a group. Tasks are shards of images; sums are in
/// double, those of shards added up in order.
#include "group_norm.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

static const int64_t most_shards = 64;

typedef struct {
  const lk_group_shape *shape;
  const lk_instruction *instruction;
  const lk_kernel_table *kernels;
  const double *scale;
  int64_t shards;
  /// [2, shards, channels]: of the gradients at scale and at offset.
  double *totals;
  char *buffers;
  int64_t buffer_size;
} gradient_job;

/// A worker's memory: sums of g and of g * d of each channel; four numbers of each group; scratch memory of a kernel;
/// four lines.
typedef struct {
  double *sums, *products;
  double *mean, *inverse, *shift, *slope;
  char *scratch, *mean_line, *factor_line, *shift_line, *slope_line;
} gradient_buffer;

static int64_t scratch_bytes(const lk_group_shape *shape) {
  return lk_divide_up(lk_norm_scratch_size(&shape->image), 64) * 64;
}

static int64_t buffer_bytes(const lk_group_shape *shape) {
  int64_t numbers = 2 * shape->image.channels + 4 * shape->groups;
  return lk_divide_up(numbers * (int64_t)sizeof(double), 64) * 64 + scratch_bytes(shape) + 4 * shape->line_bytes;
}

static gradient_buffer buffer_of(const gradient_job *job, int worker) {
  const lk_group_shape *shape = job->shape;
  double *numbers = (double *)(job->buffers + worker * job->buffer_size);
  double *groups = numbers + 2 * shape->image.channels;
  char *lines = (char *)numbers + job->buffer_size - 4 * shape->line_bytes;
  return (gradient_buffer){
      .sums = numbers,
      .products = numbers + shape->image.channels,
      .mean = groups,
      .inverse = groups + shape->groups,
      .shift = groups + 2 * shape->groups,
      .slope = groups + 3 * shape->groups,
      .scratch = lines - scratch_bytes(shape),
      .mean_line = lines,
      .factor_line = lines + shape->line_bytes,
      .shift_line = lines + 2 * shape->line_bytes,
      .slope_line = lines + 3 * shape->line_bytes,
  };
}

/// The sum of products, four at a time: one addition has not to wait for the one before it.
static double dot(const double *a, const double *b, int64_t count) {
  double sums[4] = {0};
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (int k = 0; k < 4; k++) {
      sums[k] += a[i + k] * b[i + k];
    }
  }
  for (int k = 0; i < count; i++, k++) {
    sums[k] += a[i] * b[i];
  }
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

/// Sums of g and of g * d of every channel of an image, and from those what is taken from the group's gradients.
static void add_up(const gradient_job *job, gradient_buffer *buffer, int64_t image, const char *g,
                   const char *x) {
  const lk_group_shape *shape = job->shape;
  const lk_norm_shape *rows = &shape->image;
  const lk_tensor *inputs = job->instruction->inputs;
  for (int64_t group = 0; group < shape->groups; group++) {
    int64_t index = image * shape->groups + group;
    buffer->mean[group] = lk_real(&inputs[3], index);
    buffer->inverse[group] = lk_group_inverse_deviation(job->instruction, &inputs[4], index);
  }
  lk_group_line(job->kernels, shape, buffer->mean_line, buffer->mean, NULL);
  lk_group_line(job->kernels, shape, buffer->factor_line, buffer->inverse, inputs[2].data);
  memset(buffer->sums, 0, (size_t)(2 * rows->channels) * sizeof(double));
  lk_norm_line line = {.mean = buffer->mean_line, .factor = buffer->factor_line, .offset = buffer->factor_line};
  for (int64_t row = 0; row < rows->rows; row += rows->block_rows) {
    lk_norm_block block = {
        .rows = lk_minimum(rows->block_rows, rows->rows - row),
        .channels = rows->channels,
        .fold = rows->fold,
        .scratch = buffer->scratch,
    };
    int64_t offset = row * rows->channels * rows->element_size;
    job->kernels->norm_sums[rows->dtype](buffer->sums, buffer->products, g + offset, x + offset, &line, &block);
  }
  double count = (double)(rows->rows * shape->size);
  for (int64_t group = 0; group < shape->groups; group++) {
    int64_t first = group * shape->size;
    double inverse = buffer->inverse[group];
    double sum = dot(job->scale + first, buffer->sums + first, shape->size);
    double product = dot(job->scale + first, buffer->products + first, shape->size);
    buffer->shift[group] = inverse * sum / count;
    buffer->slope[group] = inverse * inverse * inverse * product / count;
  }
}

/// Shards begin ..< end.
static void go_back(void *arguments, int64_t begin, int64_t end, int worker) {
  const gradient_job *job = arguments;
  const lk_group_shape *shape = job->shape;
  const lk_tensor *inputs = job->instruction->inputs;
  int64_t channels = shape->image.channels;
  gradient_buffer buffer = buffer_of(job, worker);
  for (int64_t shard = begin; shard < end; shard++) {
    double *scales = job->totals + shard * channels;
    double *offsets = scales + job->shards * channels;
    memset(scales, 0, (size_t)channels * sizeof(double));
    memset(offsets, 0, (size_t)channels * sizeof(double));
    int64_t last = shape->batch * (shard + 1) / job->shards;
    for (int64_t image = shape->batch * shard / job->shards; image < last; image++) {
      const char *g = (const char *)inputs[0].data + image * shape->image_bytes;
      const char *x = (const char *)inputs[1].data + image * shape->image_bytes;
      add_up(job, &buffer, image, g, x);
      lk_group_line(job->kernels, shape, buffer.shift_line, buffer.shift, NULL);
      lk_group_line(job->kernels, shape, buffer.slope_line, buffer.slope, NULL);
      lk_norm_line line = {.mean = buffer.mean_line, .factor = buffer.factor_line};
      job->kernels->group_gradient[shape->image.dtype](
          (char *)job->instruction->outputs[0].data + image * shape->image_bytes, g, x, &line, buffer.shift_line,
          buffer.slope_line, shape->width, shape->image.rows * channels);
      for (int64_t c = 0; c < channels; c++) {
        scales[c] += buffer.products[c] * buffer.inverse[c / shape->size];
        offsets[c] += buffer.sums[c];
      }
    }
  }
}

/// Channels begin ..< end of all shards.
static void join_shards(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const gradient_job *job = arguments;
  int64_t channels = job->shape->image.channels;
  for (int kind = 0; kind < 2; kind++) {
    const lk_tensor *output = &job->instruction->outputs[1 + kind];
    for (int64_t c = begin; c < end; c++) {
      double total = 0;
      for (int64_t shard = 0; shard < job->shards; shard++) {
        total += job->totals[(kind * job->shards + shard) * channels + c];
      }
      lk_put_real(output->dtype, output->data, c, total);
    }
  }
}

static void clear_sums(const lk_instruction *instruction) {
  for (int output = 1; output <= 2; output++) {
    const lk_tensor *tensor = &instruction->outputs[output];
    memset(tensor->data, 0, (size_t)(lk_count(tensor) * lk_element_size(tensor->dtype)));
  }
}

lk_status lk_group_norm_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *inputs = instruction->inputs;
  if (!lk_is_floating(inputs[0].dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_group_shape shape = lk_group_shape_of(instruction, &inputs[0]);
  if (lk_count(&inputs[0]) == 0) {
    clear_sums(instruction);
    return LK_OK;
  }
  int64_t channels = shape.image.channels;
  int64_t shards = lk_minimum(most_shards, shape.batch);
  double *scale = lk_scratch_allocate(&context->scratch, channels, sizeof(double));
  gradient_job job = {
      .shape = &shape,
      .instruction = instruction,
      .kernels = context->kernels,
      .scale = scale,
      .shards = shards,
      .totals = lk_scratch_allocate(&context->scratch, 2 * shards * channels, sizeof(double)),
      .buffer_size = buffer_bytes(&shape),
  };
  job.buffers = lk_scratch_allocate(&context->scratch, lk_context_threads(context), job.buffer_size);
  if (scale == NULL || job.totals == NULL || job.buffers == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  for (int64_t c = 0; c < channels; c++) {
    scale[c] = lk_real(&inputs[2], c);
  }
  lk_parallel_for(context, shards, 1, go_back, &job);
  lk_parallel_for(context, channels, lk_grain(shards), join_shards, &job);
  return LK_OK;
}
