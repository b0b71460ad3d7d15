#include "shards.h"

/// A shard has at least so many pixels: its partial sums have to be read and written again.
static const int64_t pixels_per_shard = 512;

/// The partials of all shards together take at most this much scratch memory.
static const int64_t partial_bytes = 64 << 20;

int64_t lk_count_shards(const lk_convolution *shape) {
  int64_t bytes = lk_patch_length(shape) * shape->out_channels * shape->element_size;
  int64_t affordable = 1 + partial_bytes / lk_maximum(1, bytes);
  int64_t shards =
      lk_minimum(lk_output_pixels(shape) / pixels_per_shard, lk_minimum(LK_MOST_SHARDS, affordable));
  return lk_maximum(1, lk_minimum(shards, shape->batch * shape->out_height));
}

int64_t lk_shard_begin(const lk_convolution *shape, int64_t shards, int64_t shard) {
  if (shape->batch >= shards) {
    return shape->batch * shard / shards * shape->out_height;
  }
  return shape->batch * shape->out_height * shard / shards;
}

typedef struct {
  lk_accumulate_kernel accumulate;
  int64_t element_size;
  char *first, *partials;
  int64_t elements, shards;
} partial_job;

static char *partial(const partial_job *job, int64_t shard) {
  return shard == 0 ? job->first : job->partials + (shard - 1) * job->elements * job->element_size;
}

/// Elements begin ..< end: 0+1, 2+3, …, then 0+2, 4+6, …
static void add(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const partial_job *job = arguments;
  int64_t offset = begin * job->element_size;
  for (int64_t distance = 1; distance < job->shards; distance *= 2) {
    for (int64_t shard = 0; shard + distance < job->shards; shard += 2 * distance) {
      job->accumulate(partial(job, shard) + offset, partial(job, shard + distance) + offset, end - begin);
    }
  }
}

void lk_add_partials(lk_context *context, int32_t dtype, char *first, char *partials, int64_t elements,
                     int64_t shards) {
  partial_job job = {
      .accumulate = context->kernels->accumulate[LK_SUM][dtype],
      .element_size = lk_element_size(dtype),
      .first = first,
      .partials = partials,
      .elements = elements,
      .shards = shards,
  };
  if (shards > 1) {
    lk_parallel_for(context, elements, lk_grain(shards), add, &job);
  }
}
