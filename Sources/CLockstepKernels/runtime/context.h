/// What every operation gets: threads, kernels of one instruction-set level, scratch memory.
#pragma once

#include "kernel_table.h"
#include "../include/lockstep_kernels.h"
#include "scratch.h"
#include "thread_pool.h"

struct lk_context {
  lk_thread_pool *pool;
  const lk_kernel_table *kernels;
  lk_scratch scratch;
};

/// A part of a range of independent work items.
typedef void (*lk_range_task)(void *arguments, int64_t begin, int64_t end, int worker);

/// Cuts 0 ..< total into pieces of `grain` items (the last may be smaller) and runs them on the pool.
void lk_parallel_for(lk_context *context, int64_t total, int64_t grain, lk_range_task task, void *arguments);

/// Elements that are worth a task of their own where each costs about as much as moving it.
#define LK_GRAIN 16384

/// How many items of `cost` elements each make up a task.
static inline int64_t lk_grain(int64_t cost) {
  int64_t items = LK_GRAIN / (cost > 0 ? cost : 1);
  return items > 0 ? items : 1;
}

static inline int64_t lk_minimum(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t lk_maximum(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t lk_divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
