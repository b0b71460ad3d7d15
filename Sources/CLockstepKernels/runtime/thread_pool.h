/// A fork-join pool: run(count, task) executes task(0) … task(count − 1) on all threads and returns.
#pragma once

#include <stdint.h>

typedef struct lk_thread_pool lk_thread_pool;

/// One task of a job. `worker` is below the pool's thread count, and no two tasks run at once with the same.
typedef void (*lk_task)(void *arguments, int64_t index, int worker);

/// A pool of `threads` threads, the caller of run being one of them; NULL when memory or threads ran out.
lk_thread_pool *lk_thread_pool_create(int threads);
void lk_thread_pool_destroy(lk_thread_pool *pool);
int lk_thread_pool_threads(const lk_thread_pool *pool);

/// Runs the tasks in any order and on any thread, and returns when all have ended. A call from inside of a
/// task runs its tasks one after the other.
void lk_thread_pool_run(lk_thread_pool *pool, int64_t count, lk_task task, void *arguments);
