#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <time.h>
#endif

#include "placement.h"

void lk_placement_init(lk_placement *placement, bool chooses) {
  *placement = (lk_placement){.chooses = chooses, .last_end = INT64_MIN / 2};
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
  placement->is_kept_off = placement->chooses && milliseconds() - placement->last_end > longest_pause;
  return placement->is_kept_off;
}

bool lk_placement_ends(lk_placement *placement) {
  if (placement->chooses) {
    placement->last_end = milliseconds();
  }
  return placement->is_kept_off;
}

static void set_processors(pthread_t thread, int avoided) {
  cpu_set_t set;
  // The caller's own are the program's. Where they can't be had, or given, the thread runs as well, later perhaps.
  if (sched_getaffinity(0, sizeof set, &set) != 0) {
    return;
  }
  if (avoided >= 0 && avoided < CPU_SETSIZE) {
    CPU_CLR(avoided, &set);
  }
  if (CPU_COUNT(&set) > 0) {
    pthread_setaffinity_np(thread, sizeof set, &set);
  }
}

void lk_placement_keep_off(pthread_t thread) { set_processors(thread, sched_getcpu()); }

void lk_placement_release(pthread_t thread) { set_processors(thread, -1); }

#else

bool lk_placement_begins(lk_placement *placement) {
  (void)placement;
  return false;
}

bool lk_placement_ends(lk_placement *placement) {
  (void)placement;
  return false;
}

void lk_placement_keep_off(pthread_t thread) { (void)thread; }

void lk_placement_release(pthread_t thread) { (void)thread; }

#endif
