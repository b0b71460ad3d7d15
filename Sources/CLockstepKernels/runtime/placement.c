#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif

#include "placement.h"

#if defined(__linux__)

void lk_placement_init(lk_placement *placement, bool chooses) {
  *placement = (lk_placement){.chooses = chooses, .avoided = -1};
}

bool lk_placement_has_moved(lk_placement *placement) {
  if (!placement->chooses) {
    return false;
  }
  int processor = sched_getcpu();
  if (processor == placement->avoided) {
    return false;
  }
  placement->avoided = processor;
  return true;
}

void lk_placement_apply(const lk_placement *placement, pthread_t thread) {
  cpu_set_t set;
  // The caller's own set is the program's: it is never changed here, but whoever runs the program may change it.
  if (sched_getaffinity(0, sizeof set, &set) != 0 || placement->avoided < 0 || placement->avoided >= CPU_SETSIZE) {
    return;
  }
  CPU_CLR(placement->avoided, &set);
  if (CPU_COUNT(&set) > 0) {
    // Where it is refused the thread runs as well, perhaps not at once.
    pthread_setaffinity_np(thread, sizeof set, &set);
  }
}

#else

void lk_placement_init(lk_placement *placement, bool chooses) {
  (void)chooses;
  *placement = (lk_placement){.chooses = false, .avoided = -1};
}

bool lk_placement_has_moved(lk_placement *placement) {
  (void)placement;
  return false;
}

void lk_placement_apply(const lk_placement *placement, pthread_t thread) {
  (void)placement;
  (void)thread;
}

#endif
