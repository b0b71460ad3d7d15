/// Each thread takes the task numbers of its own part of the job, one after the other, and then what is left of the
/// others'. So the same images are mostly the same thread's from one operation to the next, and still in its core's
/// cache. On an Emerald Rapids, where a line that another core wrote comes at a fifth of the speed, operations of W1
/// are 3 % faster in the median than with one counter for all threads, up to 12 %. Who computes what remains chance,
/// and therefore nothing of a result may depend on it: shards are cut by the operations, from shapes alone.
///
/// A worker *enters* a job by raising the low half of `gate` while its generation is open, and the caller
/// waits only for workers that entered. So a worker the system has descheduled delays nobody: it finds the
/// gate closed and waits for the next job.
#include "thread_pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "event.h"
#include "placement.h"
#include "../include/lockstep_kernels.h"

/// Rounds of spinning before a thread sleeps: some 100 µs, longer than the host needs between two operations of a
/// training step (waking a thread takes 30 µs to 50 µs, a fork and join of threads that spin less than one) and
/// short enough not to burn a core that waits for data.
static const int spins_before_sleep = 4000;

static const uint64_t gate_open = UINT64_C(1) << 31;
static const uint64_t gate_entered = gate_open - 1;

/// A thread of the pool; the first is whoever calls run.
typedef struct {
  lk_thread_pool *pool;
  pthread_t thread;
  int index;
  /// The tasks of this thread's own part that nobody has taken.
  _Alignas(64) _Atomic int64_t next;
  int64_t end;
} lk_worker;

struct lk_thread_pool {
  int threads;
  int started;
  int spins;
  lk_task task;
  void *arguments;
  lk_placement placement;
  _Atomic bool stopping;
  /// Generation of the job in the upper half, whether it is open, and how many workers are inside.
  _Alignas(64) _Atomic uint64_t gate;
  _Alignas(64) lk_event started_job;
  _Alignas(64) lk_event left_job;
  lk_worker workers[];
};

/// Where a part of `count` tasks begins; parts differ by one task at most.
static int64_t part_begin(int64_t count, int64_t parts, int64_t part) {
  int64_t rest = count % parts;
  return count / parts * part + (part < rest ? part : rest);
}

/// The worker number of a thread that is inside of a task, else -1.
static _Thread_local int current_worker = -1;

static void run_tasks(lk_thread_pool *pool, int worker) {
  current_worker = worker;
  int parts = pool->started + 1;
  for (int distance = 0; distance < parts; distance++) {
    lk_worker *owner = &pool->workers[(worker + distance) % parts];
    // Reading first leaves the counters of parts that are done where they are.
    while (atomic_load_explicit(&owner->next, memory_order_relaxed) < owner->end) {
      int64_t index = atomic_fetch_add_explicit(&owner->next, 1, memory_order_relaxed);
      if (index < owner->end) {
        pool->task(pool->arguments, index, worker);
      }
    }
  }
  current_worker = -1;
}

static bool enter(lk_thread_pool *pool) {
  uint64_t gate = atomic_load(&pool->gate);
  while (gate & gate_open) {
    if (atomic_compare_exchange_weak(&pool->gate, &gate, gate + 1)) {
      return true;
    }
  }
  return false;
}

static void leave(lk_thread_pool *pool) {
  uint64_t left = atomic_fetch_sub(&pool->gate, 1) - 1;
  if ((left & (gate_open | gate_entered)) == 0) {
    lk_event_signal(&pool->left_job);
  }
}

static void *work(void *argument) {
  lk_worker *worker = argument;
  lk_thread_pool *pool = worker->pool;
  uint32_t seen = 0;
  for (;;) {
    lk_event_wait(&pool->started_job, seen, pool->spins);
    seen = lk_event_value(&pool->started_job);
    if (atomic_load(&pool->stopping)) {
      return NULL;
    }
    if (enter(pool)) {
      run_tasks(pool, worker->index);
      leave(pool);
    }
  }
}

static void close_and_wait(lk_thread_pool *pool) {
  atomic_fetch_and(&pool->gate, ~gate_open);
  for (;;) {
    uint32_t seen = lk_event_value(&pool->left_job);
    if ((atomic_load(&pool->gate) & gate_entered) == 0) {
      return;
    }
    lk_event_wait(&pool->left_job, seen, pool->spins);
  }
}

static void place_workers(lk_thread_pool *pool, void (*place)(const lk_placement *, pthread_t)) {
  for (int index = 1; index <= pool->started; index++) {
    place(&pool->placement, pool->workers[index].thread);
  }
}

void lk_thread_pool_run(lk_thread_pool *pool, int64_t count, lk_task task, void *arguments) {
  if (current_worker >= 0 || pool->started == 0 || count <= 1) {
    for (int64_t index = 0; index < count; index++) {
      task(arguments, index, current_worker >= 0 ? current_worker : 0);
    }
    return;
  }
  if (lk_placement_begins(&pool->placement)) {
    place_workers(pool, lk_placement_keep_off);
  }
  pool->task = task;
  pool->arguments = arguments;
  int64_t parts = pool->started + 1;
  for (int64_t part = 0; part < parts; part++) {
    pool->workers[part].end = part_begin(count, parts, part + 1);
    atomic_store_explicit(&pool->workers[part].next, part_begin(count, parts, part), memory_order_relaxed);
  }
  uint64_t generation = (atomic_load(&pool->gate) >> 32) + 1;
  atomic_store(&pool->gate, generation << 32 | gate_open);
  lk_event_signal(&pool->started_job);
  run_tasks(pool, 0);
  close_and_wait(pool);
  if (lk_placement_ends(&pool->placement)) {
    place_workers(pool, lk_placement_release);
  }
}

lk_thread_pool *lk_thread_pool_create(int threads) {
  threads = threads > 1 ? threads : 1;
  size_t size = sizeof(lk_thread_pool) + (size_t)threads * sizeof(lk_worker);
  void *memory = NULL;
  if (posix_memalign(&memory, 64, size) != 0) {
    return NULL;
  }
  lk_thread_pool *pool = memory;
  *pool = (lk_thread_pool){.threads = threads};
  // Where threads share cores, spinning keeps the one that has work from running.
  bool has_processors = threads <= lk_available_processors();
  pool->spins = has_processors ? spins_before_sleep : 0;
  lk_placement_init(&pool->placement, threads, has_processors);
  lk_event_init(&pool->started_job);
  lk_event_init(&pool->left_job);
  pool->workers[0] = (lk_worker){.pool = pool};
  for (int index = 1; index < threads; index++) {
    lk_worker *worker = &pool->workers[index];
    *worker = (lk_worker){.pool = pool, .index = index};
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
      lk_thread_pool_destroy(pool);
      return NULL;
    }
    pool->started++;
  }
  return pool;
}

void lk_thread_pool_destroy(lk_thread_pool *pool) {
  atomic_store(&pool->stopping, true);
  lk_event_signal(&pool->started_job);
  for (int index = 1; index <= pool->started; index++) {
    pthread_join(pool->workers[index].thread, NULL);
  }
  lk_event_destroy(&pool->started_job);
  lk_event_destroy(&pool->left_job);
  free(pool);
}

int lk_thread_pool_threads(const lk_thread_pool *pool) { return pool->threads; }
