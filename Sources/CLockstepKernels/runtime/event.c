/// Spin, then sleep. `sleepers` is raised before the value is compared again (by the kernel or under the
/// mutex) and read after the value has changed, both sequentially consistent: one of the two sides always
/// sees the other, so no wake-up is lost and a signal that nobody waits for makes no system call.
#include "event.h"

#if defined(__linux__)
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/// Tells the core that it spins, so that it saves power and yields to its hyper-thread.
static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

#if defined(__linux__)

void lk_event_init(lk_event *event) {
  atomic_init(&event->value, 0);
  atomic_init(&event->sleepers, 0);
}

void lk_event_destroy(lk_event *event) { (void)event; }

static void wake_all(lk_event *event) {
  syscall(SYS_futex, &event->value, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void sleep_while(lk_event *event, uint32_t seen) {
  syscall(SYS_futex, &event->value, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

#else

void lk_event_init(lk_event *event) {
  atomic_init(&event->value, 0);
  atomic_init(&event->sleepers, 0);
  pthread_mutex_init(&event->mutex, NULL);
  pthread_cond_init(&event->changed, NULL);
}

void lk_event_destroy(lk_event *event) {
  pthread_cond_destroy(&event->changed);
  pthread_mutex_destroy(&event->mutex);
}

static void wake_all(lk_event *event) {
  pthread_mutex_lock(&event->mutex);
  pthread_cond_broadcast(&event->changed);
  pthread_mutex_unlock(&event->mutex);
}

static void sleep_while(lk_event *event, uint32_t seen) {
  pthread_mutex_lock(&event->mutex);
  while (atomic_load(&event->value) == seen) {
    pthread_cond_wait(&event->changed, &event->mutex);
  }
  pthread_mutex_unlock(&event->mutex);
}

#endif

void lk_event_signal(lk_event *event) {
  atomic_fetch_add(&event->value, 1);
  if (atomic_load(&event->sleepers) > 0) {
    wake_all(event);
  }
}

void lk_event_wait(lk_event *event, uint32_t seen, int spins) {
  for (int spin = 0; spin < spins; spin++) {
    if (lk_event_value(event) != seen) {
      return;
    }
    relax();
  }
  while (lk_event_value(event) == seen) {
    atomic_fetch_add(&event->sleepers, 1);
    sleep_while(event, seen);
    atomic_fetch_sub(&event->sleepers, 1);
  }
}
