/// The gradient of batch normalisation at x, scale and offset, from upstream gradients g (those a ReLU stopped
/// count as 0), with d = x - mean and i = 1 / sqrt(variance + epsilon):
///
///   dOffset = sum g        dScale = i * sum g * d
///   dx = scale * i * (g - mean of g - d * i * i * mean of g * d)
///
/// Two passes over g and x: sums, blocks of which are added in double and shards in a binary tree, and dx.
#include "batch_norm.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef struct {
  const lk_norm_shape *shape;
  const lk_instruction *instruction;
  const lk_kernel_table *kernels;
  lk_norm_line line;
  /// [2, shards, channels]: sums of g and of g * d.
  double *sums;
  /// What is taken from g, and from g for each unit of d, in every column.
  char *shift, *slope;
  char *buffers;
  int64_t buffer_size;
} gradient_job;

static double *sums_of(const gradient_job *job, int kind, int64_t shard) {
  return job->sums + (kind * job->shape->shards + shard) * job->shape->channels;
}

static const char *row_of(const gradient_job *job, const lk_tensor *tensor, int64_t row) {
  return (const char *)tensor->data + row * job->shape->channels * job->shape->element_size;
}

/// Shards begin ..< end.
static void add_up(void *arguments, int64_t begin, int64_t end, int worker) {
  const gradient_job *job = arguments;
  const lk_norm_shape *shape = job->shape;
  const lk_tensor *inputs = job->instruction->inputs;
  for (int64_t shard = begin; shard < end; shard++) {
    double *sums = sums_of(job, 0, shard);
    double *products = sums_of(job, 1, shard);
    memset(sums, 0, (size_t)shape->channels * sizeof(double));
    memset(products, 0, (size_t)shape->channels * sizeof(double));
    int64_t last = lk_norm_shard_begin(shape, shard + 1);
    for (int64_t row = lk_norm_shard_begin(shape, shard); row < last; row += shape->block_rows) {
      lk_norm_block block = {
          .rows = lk_minimum(shape->block_rows, last - row),
          .channels = shape->channels,
          .fold = shape->fold,
          .scratch = job->buffers + worker * job->buffer_size,
      };
      job->kernels->norm_sums[shape->dtype](sums, products, row_of(job, &inputs[0], row),
                                            row_of(job, &inputs[1], row), &job->line, &block);
    }
  }
}

/// Channels begin ..< end of all shards, 0+1, 2+3, …, then 0+2, 4+6, …; and what follows from them.
static void join_shards(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const gradient_job *job = arguments;
  const lk_norm_shape *shape = job->shape;
  for (int64_t distance = 1; distance < shape->shards; distance *= 2) {
    for (int64_t shard = 0; shard + distance < shape->shards; shard += 2 * distance) {
      for (int kind = 0; kind < 2; kind++) {
        double *total = sums_of(job, kind, shard);
        const double *other = sums_of(job, kind, shard + distance);
        for (int64_t c = begin; c < end; c++) {
          total[c] += other[c];
        }
      }
    }
  }
  const lk_tensor *variance = &job->instruction->inputs[5];
  const lk_tensor *outputs = job->instruction->outputs;
  double rows = (double)shape->rows;
  for (int64_t c = begin; c < end; c++) {
    double inverse = lk_norm_inverse_deviation(job->instruction, variance, c);
    double sum = sums_of(job, 0, 0)[c];
    double products = sums_of(job, 1, 0)[c];
    lk_put_real(shape->dtype, outputs[1].data, c, products * inverse);
    lk_put_real(shape->dtype, outputs[2].data, c, sum);
    lk_put_real(shape->dtype, job->shift, c, sum / rows);
    lk_put_real(shape->dtype, job->slope, c, products / rows * inverse * inverse);
  }
}

/// Rows begin ..< end.
static void go_back(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const gradient_job *job = arguments;
  const lk_norm_shape *shape = job->shape;
  const lk_tensor *inputs = job->instruction->inputs;
  char *dx = (char *)job->instruction->outputs[0].data + begin * shape->channels * shape->element_size;
  job->kernels->norm_gradient[shape->dtype](dx, row_of(job, &inputs[0], begin), row_of(job, &inputs[1], begin),
                                            &job->line, job->shift, job->slope, lk_norm_line_width(shape),
                                            (end - begin) * shape->channels);
}

static void clear_sums(const lk_norm_shape *shape, const lk_instruction *instruction) {
  for (int64_t c = 0; c < shape->channels; c++) {
    lk_put_real(shape->dtype, instruction->outputs[1].data, c, 0);
    lk_put_real(shape->dtype, instruction->outputs[2].data, c, 0);
  }
}

lk_status lk_batch_norm_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *inputs = instruction->inputs;
  if (inputs[0].dtype != LK_FLOAT32 && inputs[0].dtype != LK_FLOAT64) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_norm_shape shape = lk_norm_shape_of(&inputs[0]);
  if (shape.channels == 0 || shape.rows == 0) {
    clear_sums(&shape, instruction);
    return LK_OK;
  }
  gradient_job job = {
      .shape = &shape,
      .instruction = instruction,
      .kernels = context->kernels,
      .sums = lk_scratch_allocate(&context->scratch, 2 * shape.shards * shape.channels, sizeof(double)),
      .shift = lk_scratch_allocate(&context->scratch, lk_norm_line_width(&shape), shape.element_size),
      .slope = lk_scratch_allocate(&context->scratch, lk_norm_line_width(&shape), shape.element_size),
      .buffer_size = lk_divide_up(lk_norm_scratch_size(&shape), 64) * 64,
  };
  job.buffers = lk_scratch_allocate(&context->scratch, lk_context_threads(context), job.buffer_size);
  if (job.sums == NULL || job.shift == NULL || job.slope == NULL || job.buffers == NULL ||
      !lk_norm_line_create(context, &shape, instruction, &inputs[2], &inputs[4], &inputs[5], &job.line)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, shape.shards, 1, add_up, &job);
  lk_parallel_for(context, shape.channels, lk_grain(shape.shards), join_shards, &job);
  lk_norm_repeat(&shape, job.shift);
  lk_norm_repeat(&shape, job.slope);
  lk_parallel_for(context, shape.rows, lk_grain(shape.channels), go_back, &job);
  return LK_OK;
}
