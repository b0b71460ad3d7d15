/// Keeps the threads of a pool off the processor of whoever calls it.
///
/// Linux looks for an idle processor when it wakes a thread, and in a virtual machine one that is halted does not
/// count as idle (`available_idle_cpu` in its scheduler asks `vcpu_is_preempted`). So the thread is woken where its
/// waker runs, which it displaces: one processor then does the work of both threads while the other stays halted,
/// until the next balancing some milliseconds later. Seen in a machine of two processors: the first call of a
/// convolution took 1.8 ms with two threads as with one, all on the worker, and takes 1.0 ms this way.
#pragma once

#include <pthread.h>
#include <stdbool.h>

typedef struct {
  bool chooses;
  /// The one that threads are kept off.
  int avoided;
} lk_placement;

/// Before the caller is known. `chooses`: whether there is a processor for every thread.
void lk_placement_init(lk_placement *placement, bool chooses);

/// Whether the caller has come to another processor since it was last asked.
bool lk_placement_has_moved(lk_placement *placement);

/// Lets a thread run wherever this program may, but for the caller's processor.
void lk_placement_apply(const lk_placement *placement, pthread_t thread);
