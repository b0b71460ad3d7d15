#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <time.h>
#endif

#include "placement.h"

void lk_placement_init(lk_placement *placement, int threads, bool has_processors) {
  *placement = (lk_placement){.threads = has_processors ? threads : 0, .last_end = INT64_MIN / 2};
}

#if defined(__linux__)

/// Far longer than a thread spins, and twice what the coarse clock may be late.
static const int64_t longest_pause = 8;

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool lk_placement_begins(lk_placement *placement) {
  placement->is_kept_off = placement->threads > 0 && milliseconds() - placement->last_end > longest_pause;
  return placement->is_kept_off;
}

bool lk_placement_ends(lk_placement *placement) {
  if (placement->threads > 0) {
    placement->last_end = milliseconds();
  }
  return placement->is_kept_off;
}

static void set_processors(const lk_placement *placement, pthread_t thread, int avoided) {
  cpu_set_t set;
  // The caller's own are the program's, unless the caller has bound itself: that is not to bind the others.
  if (sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) < placement->threads) {
    return;
  }
  if (avoided >= 0 && avoided < CPU_SETSIZE) {
    CPU_CLR(avoided, &set);
  }
  // Where it is refused the thread runs as well, perhaps not at once.
  pthread_setaffinity_np(thread, sizeof set, &set);
}

void lk_placement_keep_off(const lk_placement *placement, pthread_t thread) {
  set_processors(placement, thread, sched_getcpu());
}

void lk_placement_release(const lk_placement *placement, pthread_t thread) {
  set_processors(placement, thread, -1);
}

#else

bool lk_placement_begins(lk_placement *placement) {
  (void)placement;
  return false;
}

bool lk_placement_ends(lk_placement *placement) {
  (void)placement;
  return false;
}

void lk_placement_keep_off(const lk_placement *placement, pthread_t thread) {
  (void)placement;
  (void)thread;
}

void lk_placement_release(const lk_placement *placement, pthread_t thread) {
  (void)placement;
  (void)thread;
}

#endif
