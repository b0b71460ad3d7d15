#include "wait.h"

#if defined(__linux__)

#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Without FUTEX_PRIVATE_FLAG: the two sides are processes and know the word by its place in the file.

bool lk_sleep_on_word(_Atomic uint32_t *word, uint32_t seen, int milliseconds) {
  struct timespec limit = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
  long result = syscall(SYS_futex, word, FUTEX_WAIT, seen, milliseconds < 0 ? NULL : &limit, NULL, 0);
  return result == 0 || errno != ETIMEDOUT;
}

void lk_wake_word(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0); }

#elif defined(__APPLE__)

// Never run: there was no machine of this kind to run it on.

#include <errno.h>
#include <os/os_sync_wait_on_address.h>

bool lk_sleep_on_word(_Atomic uint32_t *word, uint32_t seen, int milliseconds) {
  if (milliseconds < 0) {
    os_sync_wait_on_address((void *)word, seen, sizeof *word, OS_SYNC_WAIT_ON_ADDRESS_SHARED);
    return true;
  }
  uint64_t nanoseconds = (uint64_t)milliseconds * 1000000 + 1;
  int waiters = os_sync_wait_on_address_with_timeout(
      (void *)word, seen, sizeof *word, OS_SYNC_WAIT_ON_ADDRESS_SHARED, OS_CLOCK_MACH_ABSOLUTE_TIME, nanoseconds);
  return waiters >= 0 || errno != ETIMEDOUT;
}

void lk_wake_word(_Atomic uint32_t *word) {
  os_sync_wake_by_address_any((void *)word, sizeof *word, OS_SYNC_WAKE_BY_ADDRESS_SHARED);
}

#else
#error "no way to sleep on shared memory is known for this system"
#endif
