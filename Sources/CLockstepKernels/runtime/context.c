#include "context.h"

#include <stdlib.h>

#include "blas.h"
#include "isa.h"

lk_context *lk_context_create(int threads, lk_isa isa) {
  if (!lk_isa_available(isa) || !lk_blas_prepare(threads)) {
    return NULL;
  }
  lk_context *context = calloc(1, sizeof *context);
  if (context == NULL) {
    return NULL;
  }
  context->kernels = lk_isa_kernels(isa);
  context->pool = lk_thread_pool_create(threads);
  if (context->pool == NULL) {
    free(context);
    return NULL;
  }
  return context;
}

void lk_context_destroy(lk_context *context) {
  if (context == NULL) {
    return;
  }
  lk_thread_pool_destroy(context->pool);
  lk_scratch_destroy(&context->scratch);
  free(context);
}

int lk_context_threads(const lk_context *context) { return lk_thread_pool_threads(context->pool); }

lk_isa lk_context_isa(const lk_context *context) { return context->kernels->isa; }

int64_t lk_context_missing_bytes(const lk_context *context) { return context->scratch.missing; }

typedef struct {
  lk_range_task task;
  void *arguments;
  int64_t total;
  int64_t grain;
} lk_range;

static void run_piece(void *arguments, int64_t index, int worker) {
  const lk_range *range = arguments;
  int64_t begin = index * range->grain;
  int64_t end = lk_minimum(begin + range->grain, range->total);
  range->task(range->arguments, begin, end, worker);
}

void lk_parallel_for(lk_context *context, int64_t total, int64_t grain, lk_range_task task, void *arguments) {
  lk_range range = {.task = task, .arguments = arguments, .total = total, .grain = grain};
  lk_thread_pool_run(context->pool, lk_divide_up(total, grain), run_piece, &range);
}
