/// A row times a matrix.
///
/// Memory is the limit: every number of the matrix is used once. OpenBLAS, called for blocks of columns, reads
/// pieces of rows; here shards of whole rows are read from end to end, each into a sum of its own, and the
/// sums are added in a binary tree. Shards belong to the shape, not to the threads. 1 × 3136 by 3136 × 128
/// takes a core of a Zen 4 21 µs, where OpenBLAS in blocks takes 28.
#include "row_product.h"

#include <string.h>

#include "shards.h"

/// Numbers of a shard: some 1 µs.
static const int64_t shard_elements = LK_GRAIN;

typedef struct {
  const lk_product *product;
  lk_scaled_rows_kernel add;
  int64_t element_size;
  int64_t shards;
  char *partials; // of all shards but the first, which sums up in the result
} row_job;

static int64_t count_shards(const lk_product *product) {
  return lk_minimum(LK_MOST_SHARDS, product->k * product->n / shard_elements);
}

/// Shards begin ..< end.
static void add_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const row_job *job = arguments;
  const lk_product *product = job->product;
  int64_t row_bytes = product->n * job->element_size;
  for (int64_t shard = begin; shard < end; shard++) {
    int64_t first = product->k * shard / job->shards;
    int64_t last = product->k * (shard + 1) / job->shards;
    char *sums = shard == 0 ? product->c : job->partials + (shard - 1) * row_bytes;
    memset(sums, 0, (size_t)row_bytes);
    job->add(sums, (const char *)product->a.data + first * job->element_size,
             (const char *)product->b.data + first * row_bytes, last - first, product->n);
  }
}

bool lk_row_product_pays(const lk_context *context, const lk_product *product) {
  // As for other products: where there is no FMA OpenBLAS's kernels are the better ones.
  bool has_kernel = context->kernels->isa == LK_ISA_X86_64_V3 || context->kernels->isa == LK_ISA_X86_64_V4;
  return has_kernel && product->m == 1 && product->batches == 1 && !product->b.transposed &&
         count_shards(product) > 1;
}

lk_status lk_row_product(lk_context *context, const lk_product *product) {
  row_job job = {
      .product = product,
      .add = context->kernels->add_scaled_rows[product->dtype],
      .element_size = lk_element_size(product->dtype),
      .shards = count_shards(product),
  };
  job.partials =
      lk_scratch_allocate(&context->scratch, (job.shards - 1) * product->n, job.element_size);
  if (job.partials == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, job.shards, 1, add_rows, &job);
  lk_add_partials(context, product->dtype, product->c, job.partials, product->n, job.shards);
  return LK_OK;
}
