/// The gradient of a convolution at its weight: patchesᵀ · output gradient.
///
/// That sums over all pixels of the batch, so the batch is cut into at most 16 shards (whole images where
/// there are enough), each shard sums up its own partial gradient, tile by tile, and the partials are added
/// in a binary tree. Shards belong to the shape, not to the threads: any number of threads, and later of
/// processes, gives the same bits.
#include "convolution.h"
#include "copy.h"

static const int64_t most_shards = 16;

/// The partials of all shards together take at most this much scratch memory (or there is one shard).
static const int64_t partial_bytes = 64 << 20;

/// Less work than this (pixels times elements of the weight) is not worth a shard.
static const int64_t smallest_work = 1 << 16;

typedef struct {
  const lk_convolution *shape;
  const char *image;
  const char *gradient;
  char *output; // shard 0 sums up here
  char *partials; // the others, one behind the other
  int64_t elements;
  int64_t shards;
  int64_t tile;
  char *buffers;
  int64_t buffer_size;
  lk_accumulate_kernel accumulate;
} weight_job;

static char *partial(const weight_job *job, int64_t shard) {
  return shard == 0 ? job->output : job->partials + (shard - 1) * job->elements * job->shape->element_size;
}

/// The first pixel of a shard.
static int64_t shard_begin(const weight_job *job, int64_t shard) {
  const lk_convolution *shape = job->shape;
  if (shape->batch >= job->shards) {
    return shape->batch * shard / job->shards * shape->out_height * shape->out_width;
  }
  return lk_output_pixels(shape) * shard / job->shards;
}

static void add_tile(const weight_job *job, int64_t shard, int64_t first, int64_t last, char *buffer) {
  const lk_convolution *shape = job->shape;
  bool accumulate = first > shard_begin(job, shard);
  for (int64_t group = 0; group < shape->groups; group++) {
    lk_matrix patches = lk_patches(shape, job->image, group, first, last - first, buffer);
    patches.transposed = true;
    int64_t column = group * shape->group_out_channels;
    int64_t offset = first * shape->out_channels + column;
    lk_matrix gradient = {job->gradient + offset * shape->element_size, shape->out_channels, false};
    lk_gemm(shape->dtype, lk_patch_length(shape), shape->group_out_channels, last - first, patches, gradient,
            accumulate, partial(job, shard) + column * shape->element_size, shape->out_channels);
  }
}

/// Shards begin ..< end.
static void sum_shards(void *arguments, int64_t begin, int64_t end, int worker) {
  const weight_job *job = arguments;
  for (int64_t shard = begin; shard < end; shard++) {
    int64_t limit = shard_begin(job, shard + 1);
    for (int64_t first = shard_begin(job, shard); first < limit; first += job->tile) {
      add_tile(job, shard, first, lk_minimum(limit, first + job->tile),
               job->buffers + worker * job->buffer_size);
    }
  }
}

/// Elements begin ..< end of all partials into shard 0's: 0+1, 2+3, …, then 0+2, 4+6, …
static void add_partials(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const weight_job *job = arguments;
  int64_t offset = begin * job->shape->element_size;
  for (int64_t distance = 1; distance < job->shards; distance *= 2) {
    for (int64_t shard = 0; shard + distance < job->shards; shard += 2 * distance) {
      job->accumulate(partial(job, shard) + offset, partial(job, shard + distance) + offset, end - begin);
    }
  }
}

static int64_t count_shards(const lk_convolution *shape, int64_t elements) {
  int64_t pixels = lk_output_pixels(shape);
  int64_t shards = lk_minimum(most_shards, pixels);
  shards = lk_minimum(shards, lk_maximum(1, partial_bytes / (elements * shape->element_size)));
  double work = (double)pixels * (double)elements;
  if (work < (double)shards * (double)smallest_work) {
    shards = (int64_t)(work / (double)smallest_work);
  }
  return lk_maximum(1, shards);
}

lk_status lk_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *gradient = &instruction->inputs[1];
  const lk_tensor *weight = &instruction->outputs[0];
  if (image->dtype != LK_FLOAT32 && image->dtype != LK_FLOAT64) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_convolution shape = lk_convolution_of(instruction, image, weight, gradient);
  int64_t elements = lk_count(weight);
  if (elements == 0 || lk_output_pixels(&shape) == 0) {
    lk_clear(context, weight->data, elements * shape.element_size);
    return LK_OK;
  }
  weight_job job = {
      .shape = &shape,
      .image = image->data,
      .gradient = gradient->data,
      .output = weight->data,
      .elements = elements,
      .shards = count_shards(&shape, elements),
      .tile = lk_pixels_per_tile(&shape),
      .accumulate = context->kernels->accumulate[LK_SUM][image->dtype],
  };
  job.buffer_size = lk_patch_buffer_size(&shape, job.tile);
  job.buffers = lk_patch_buffers(context, &shape, job.tile);
  job.partials = lk_scratch_allocate(&context->scratch, (job.shards - 1) * elements, shape.element_size);
  if (job.buffers == NULL || job.partials == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, job.shards, 1, sum_shards, &job);
  if (job.shards > 1) {
    lk_parallel_for(context, elements, lk_grain(job.shards), add_partials, &job);
  }
  return LK_OK;
}
