/// A counter that threads can sleep on until it changes.
///
/// On Linux it is a futex: reading it is a load, waking nobody costs one more. Elsewhere a mutex and a
/// condition variable stand in.
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#if !defined(__linux__)
#include <pthread.h>
#endif

typedef struct {
  _Atomic uint32_t value;
  _Atomic uint32_t sleepers;
#if !defined(__linux__)
  pthread_mutex_t mutex;
  pthread_cond_t changed;
#endif
} lk_event;

void lk_event_init(lk_event *event);
void lk_event_destroy(lk_event *event);

/// Changes the value and wakes everybody who sleeps on the old one.
void lk_event_signal(lk_event *event);

/// Returns when the value is no longer `seen`: spins for `spins` rounds, then sleeps.
void lk_event_wait(lk_event *event, uint32_t seen, int spins);

/// The value now; to be read before the condition that is waited for is tested.
static inline uint32_t lk_event_value(lk_event *event) {
  return atomic_load_explicit(&event->value, memory_order_acquire);
}
