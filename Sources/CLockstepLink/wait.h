/// Sleeping on a word of shared memory until another process changes it.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// Sleeps while the word is `seen`, at most `milliseconds` (for ever if negative). May wake for no reason.
/// Returns false when the time is up.
bool lk_sleep_on_word(_Atomic uint32_t *word, uint32_t seen, int milliseconds);
/// Wakes who sleeps on the word.
void lk_wake_word(_Atomic uint32_t *word);

/// The same for a counter. The system compares 32 bits, so its lower half stands for it: the other half
/// differs only after 2^32 commands, and a ring holds 256.
static inline _Atomic uint32_t *lk_lower_half(_Atomic uint64_t *counter) {
  _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lower half comes first");
  return (_Atomic uint32_t *)(void *)counter;
}

static inline bool lk_sleep_on_counter(_Atomic uint64_t *counter, uint64_t seen, int milliseconds) {
  return lk_sleep_on_word(lk_lower_half(counter), (uint32_t)seen, milliseconds);
}

static inline void lk_wake_counter(_Atomic uint64_t *counter) { lk_wake_word(lk_lower_half(counter)); }
