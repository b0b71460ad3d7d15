/// Memory that an operation needs while it runs. It is taken before the work is cut into tasks, never inside
/// of one, and all of it is given back at once when the next operation starts.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct lk_scratch_chunk lk_scratch_chunk;

typedef struct {
  lk_scratch_chunk *newest;
  /// What the last request that failed had asked for.
  int64_t missing;
} lk_scratch;

/// `count` elements of `size` bytes on a 64-byte boundary, uninitialised; NULL when there is no memory.
void *lk_scratch_allocate(lk_scratch *scratch, int64_t count, int64_t size);

/// Takes everything back. If more than one chunk was needed they are replaced by one of their total size, so
/// that a training loop soon allocates nothing.
void lk_scratch_reset(lk_scratch *scratch);

void lk_scratch_destroy(lk_scratch *scratch);
