/// Wakes the threads of a pool on other processors than their caller's.
///
/// Linux looks for an idle processor when it wakes a thread, and in a virtual machine one that is halted does not
/// count as idle (`available_idle_cpu` in its scheduler asks `vcpu_is_preempted`). So the thread is woken where its
/// waker runs, which it displaces: one processor then does the work of both threads while the other stays halted,
/// until the next balancing some milliseconds later. Seen in a machine of two processors: the first call of a
/// convolution took 1.8 ms with two threads as with one, all on the worker, and takes 0.8 to 1.0 ms so.
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  /// The pool's, its caller among them; 0 where there are not processors enough to choose.
  int threads;
  bool is_kept_off;
  /// When the last job ended, in milliseconds of a clock that begins anywhere.
  int64_t last_end;
} lk_placement;

/// `has_processors`: whether there is one for every thread.
void lk_placement_init(lk_placement *placement, int threads, bool has_processors);

/// Whether threads have slept for long, and are to be kept off the caller's processor for the job that wakes them.
/// Between jobs that follow each other nothing is done: the scheduler divides the processors among all programs.
bool lk_placement_begins(lk_placement *placement);

/// Whether threads were kept off for the job that ends.
bool lk_placement_ends(lk_placement *placement);

/// Lets a thread run wherever the caller may, but for the caller's processor.
void lk_placement_keep_off(const lk_placement *placement, pthread_t thread);

/// Lets a thread run wherever the caller may.
void lk_placement_release(const lk_placement *placement, pthread_t thread);
