/// Batch normalisation: y = (x - mean) / sqrt(variance + epsilon) * scale + offset of every channel, with the
/// moments of the batch or given ones, and a ReLU in the same pass.
///
/// Two passes over memory. The first makes the moments, block by block: two passes over each block, which the
/// second of them finds in the cache, then joined in double. Blocks are put together in shards and shards in a
/// binary tree, all by the shape alone: any number of threads gives the same bits. The last pass normalises.
#include "batch_norm.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// Columns that are summed side by side: four vectors of the widest level.
static const int64_t fold_columns = 64;

/// A block is read twice in a row, so that it should be in the first-level cache; short ones would be mostly
/// joined.
static const int64_t block_bytes = 32 << 10;
static const int64_t least_block_rows = 32;

static const int64_t most_shards = 64;

/// Columns that make a loop long.
static const int64_t line_columns = 512;

lk_norm_shape lk_norm_shape_of(const lk_tensor *tensor) {
  lk_norm_shape shape = {
      .dtype = tensor->dtype,
      .element_size = lk_element_size(tensor->dtype),
      .rows = lk_extent(tensor, 0, tensor->rank - 1),
      .channels = tensor->shape[tensor->rank - 1],
  };
  int64_t channels = lk_maximum(1, shape.channels);
  shape.fold = lk_divide_up(fold_columns, channels);
  int64_t rows = lk_maximum(least_block_rows, block_bytes / (channels * shape.element_size));
  shape.block_rows = lk_divide_up(rows, shape.fold) * shape.fold;
  shape.blocks = lk_divide_up(shape.rows, shape.block_rows);
  shape.shards = lk_minimum(most_shards, shape.blocks);
  return shape;
}

int64_t lk_norm_shard_begin(const lk_norm_shape *shape, int64_t shard) {
  return lk_minimum(shape->rows, shape->blocks * shard / shape->shards * shape->block_rows);
}

int64_t lk_norm_scratch_size(const lk_norm_shape *shape) {
  return 3 * shape->channels * ((int64_t)sizeof(double) + shape->fold * shape->element_size);
}

int64_t lk_norm_line_width(const lk_norm_shape *shape) {
  int64_t width = shape->fold * shape->channels;
  return lk_divide_up(line_columns, width) * width;
}

void lk_norm_repeat(const lk_norm_shape *shape, void *columns) {
  int64_t size = shape->channels * shape->element_size;
  int64_t total = lk_norm_line_width(shape) * shape->element_size;
  for (int64_t filled = size; filled < total; filled += size) {
    memcpy((char *)columns + filled, columns, (size_t)size);
  }
}

double lk_norm_inverse_deviation(const lk_instruction *instruction, const lk_tensor *variance,
                                 int64_t channel) {
  return 1 / sqrt(lk_real(variance, channel) + instruction->attributes.batch_norm.epsilon);
}

bool lk_norm_line_create(lk_context *context, const lk_norm_shape *shape, const lk_instruction *instruction,
                         const lk_tensor *scale_and_offset, const lk_tensor *mean, const lk_tensor *variance,
                         lk_norm_line *line) {
  int64_t size = lk_norm_line_width(shape) * shape->element_size;
  char *columns = lk_scratch_allocate(&context->scratch, 3, size);
  if (columns == NULL) {
    return false;
  }
  for (int64_t c = 0; c < shape->channels; c++) {
    double inverse = lk_norm_inverse_deviation(instruction, variance, c);
    lk_put_real(shape->dtype, columns, c, lk_real(mean, c));
    lk_put_real(shape->dtype, columns + size, c, lk_real(&scale_and_offset[0], c) * inverse);
    lk_put_real(shape->dtype, columns + 2 * size, c, lk_real(&scale_and_offset[1], c));
  }
  for (int part = 0; part < 3; part++) {
    lk_norm_repeat(shape, columns + part * size);
  }
  *line = (lk_norm_line){
      .mean = columns,
      .factor = columns + size,
      .offset = columns + 2 * size,
      .relu = instruction->attributes.batch_norm.relu,
  };
  return true;
}

// Moments.

typedef struct {
  const lk_norm_shape *shape;
  const char *x;
  const lk_instruction *instruction;
  lk_norm_moments_kernel kernel;
  /// [3, shards, channels]: means, squared deviations, plain sums.
  double *moments;
  char *buffers;
  int64_t buffer_size;
} moments_job;

static lk_norm_moments moments_of(const moments_job *job, int64_t shard) {
  int64_t channels = job->shape->channels;
  int64_t all = job->shape->shards * channels;
  double *mean = job->moments + shard * channels;
  return (lk_norm_moments){.mean = mean, .squares = mean + all, .sum = mean + 2 * all};
}

/// Shards begin ..< end.
static void find_moments(void *arguments, int64_t begin, int64_t end, int worker) {
  const moments_job *job = arguments;
  const lk_norm_shape *shape = job->shape;
  for (int64_t shard = begin; shard < end; shard++) {
    lk_norm_moments moments = moments_of(job, shard);
    size_t size = (size_t)shape->channels * sizeof(double);
    memset(moments.mean, 0, size);
    memset(moments.squares, 0, size);
    memset(moments.sum, 0, size);
    int64_t last = lk_norm_shard_begin(shape, shard + 1);
    for (int64_t row = lk_norm_shard_begin(shape, shard); row < last; row += shape->block_rows) {
      lk_norm_block block = {
          .rows = lk_minimum(shape->block_rows, last - row),
          .channels = shape->channels,
          .fold = shape->fold,
          .scratch = job->buffers + worker * job->buffer_size,
      };
      job->kernel(&moments, job->x + row * shape->channels * shape->element_size, &block);
    }
  }
}

/// Channels begin ..< end of two neighbouring parts, which have so many rows, into the first.
static void join(lk_norm_moments a, lk_norm_moments b, int64_t begin, int64_t end) {
  double share = (double)b.rows / (double)(a.rows + b.rows);
  double weight = (double)a.rows * share;
  for (int64_t c = begin; c < end; c++) {
    double difference = b.mean[c] - a.mean[c];
    a.squares[c] += b.squares[c] + difference * weight * difference;
    a.mean[c] += difference * share;
    a.sum[c] += b.sum[c];
  }
}

/// Channels begin ..< end of all shards, 0+1, 2+3, …, then 0+2, 4+6, …; and out of that mean and variance.
static void join_shards(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const moments_job *job = arguments;
  const lk_norm_shape *shape = job->shape;
  for (int64_t distance = 1; distance < shape->shards; distance *= 2) {
    for (int64_t shard = 0; shard + distance < shape->shards; shard += 2 * distance) {
      int64_t middle = lk_norm_shard_begin(shape, shard + distance);
      int64_t last = lk_minimum(shape->shards, shard + 2 * distance);
      lk_norm_moments a = moments_of(job, shard);
      lk_norm_moments b = moments_of(job, shard + distance);
      a.rows = middle - lk_norm_shard_begin(shape, shard);
      b.rows = lk_norm_shard_begin(shape, last) - middle;
      join(a, b, begin, end);
    }
  }
  lk_norm_moments all = moments_of(job, 0);
  const lk_tensor *outputs = job->instruction->outputs;
  double rows = (double)shape->rows;
  for (int64_t c = begin; c < end; c++) {
    // Differences of infinities are NaN, where their sum is none.
    double mean = isfinite(all.mean[c]) ? all.mean[c] : all.sum[c] / rows;
    lk_put_real(shape->dtype, outputs[1].data, c, mean);
    lk_put_real(shape->dtype, outputs[2].data, c, all.squares[c] / rows);
  }
}

static lk_status compute_moments(lk_context *context, const lk_norm_shape *shape,
                                 const lk_instruction *instruction) {
  moments_job job = {
      .shape = shape,
      .x = instruction->inputs[0].data,
      .instruction = instruction,
      .kernel = context->kernels->norm_moments[shape->dtype],
      .moments = lk_scratch_allocate(&context->scratch, 3 * shape->shards * shape->channels, sizeof(double)),
      .buffer_size = lk_divide_up(lk_norm_scratch_size(shape), 64) * 64,
  };
  job.buffers = lk_scratch_allocate(&context->scratch, lk_context_threads(context), job.buffer_size);
  if (job.moments == NULL || job.buffers == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, shape->shards, 1, find_moments, &job);
  lk_parallel_for(context, shape->channels, lk_grain(shape->shards), join_shards, &job);
  return LK_OK;
}

// The normalising pass.

typedef struct {
  const lk_norm_shape *shape;
  const char *x;
  char *y;
  lk_norm_line line;
  lk_norm_apply_kernel kernel;
} apply_job;

/// Rows begin ..< end.
static void normalise_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const apply_job *job = arguments;
  const lk_norm_shape *shape = job->shape;
  int64_t offset = begin * shape->channels * shape->element_size;
  job->kernel(job->y + offset, job->x + offset, &job->line, lk_norm_line_width(shape),
              (end - begin) * shape->channels);
}

static lk_status normalise(lk_context *context, const lk_norm_shape *shape, const lk_instruction *instruction,
                           const lk_tensor *mean, const lk_tensor *variance) {
  apply_job job = {
      .shape = shape,
      .x = instruction->inputs[0].data,
      .y = instruction->outputs[0].data,
      .kernel = context->kernels->norm_apply[shape->dtype],
  };
  if (!lk_norm_line_create(context, shape, instruction, &instruction->inputs[1], mean, variance, &job.line)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, shape->rows, lk_grain(shape->channels), normalise_rows, &job);
  return LK_OK;
}

/// Moments of no rows.
static void fill_with_nan(const lk_norm_shape *shape, const lk_tensor *tensor) {
  for (int64_t c = 0; c < shape->channels; c++) {
    lk_put_real(shape->dtype, tensor->data, c, (double)NAN);
  }
}

lk_status lk_batch_norm(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *outputs = instruction->outputs;
  if (outputs[0].dtype != LK_FLOAT32 && outputs[0].dtype != LK_FLOAT64) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_norm_shape shape = lk_norm_shape_of(&instruction->inputs[0]);
  if (shape.channels == 0) {
    return LK_OK;
  }
  if (shape.rows == 0) {
    fill_with_nan(&shape, &outputs[1]);
    fill_with_nan(&shape, &outputs[2]);
    return LK_OK;
  }
  lk_status status = compute_moments(context, &shape, instruction);
  return status == LK_OK ? normalise(context, &shape, instruction, &outputs[1], &outputs[2]) : status;
}

lk_status lk_batch_norm_inference(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *inputs = instruction->inputs;
  if (inputs[0].dtype != LK_FLOAT32 && inputs[0].dtype != LK_FLOAT64) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_norm_shape shape = lk_norm_shape_of(&inputs[0]);
  if (shape.channels == 0 || shape.rows == 0) {
    return LK_OK;
  }
  return normalise(context, &shape, instruction, &inputs[3], &inputs[4]);
}
