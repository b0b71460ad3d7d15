/// A list of chunks, the newest first. Chunks never move, so pointers stay good until the reset.
#include "scratch.h"

#include <stdbool.h>
#include <stdlib.h>

static const size_t alignment = 64;
static const size_t smallest_chunk = 1 << 20;

/// The memory follows the header, which fills a whole alignment unit.
struct lk_scratch_chunk {
  lk_scratch_chunk *older;
  size_t capacity;
  size_t used;
};

static bool add_chunk(lk_scratch *scratch, size_t capacity) {
  void *memory = NULL;
  if (posix_memalign(&memory, alignment, alignment + capacity) != 0) {
    return false;
  }
  lk_scratch_chunk *chunk = memory;
  *chunk = (lk_scratch_chunk){.older = scratch->newest, .capacity = capacity};
  scratch->newest = chunk;
  return true;
}

/// False where the product or the rounding up does not fit half of the address space.
static bool rounded_size(int64_t count, int64_t size, size_t *result) {
  int64_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes < 0 || bytes > INT64_MAX / 2) {
    return false;
  }
  *result = ((size_t)bytes + alignment - 1) / alignment * alignment;
  return true;
}

void *lk_scratch_allocate(lk_scratch *scratch, int64_t count, int64_t size) {
  size_t bytes;
  if (!rounded_size(count, size, &bytes)) {
    scratch->missing = INT64_MAX;
    return NULL;
  }
  lk_scratch_chunk *chunk = scratch->newest;
  if (chunk == NULL || chunk->capacity - chunk->used < bytes) {
    if (!add_chunk(scratch, bytes > smallest_chunk ? bytes : smallest_chunk)) {
      scratch->missing = (int64_t)bytes;
      return NULL;
    }
    chunk = scratch->newest;
  }
  void *result = (char *)chunk + alignment + chunk->used;
  chunk->used += bytes;
  return result;
}

void lk_scratch_reset(lk_scratch *scratch) {
  lk_scratch_chunk *newest = scratch->newest;
  if (newest == NULL) {
    return;
  }
  if (newest->older == NULL) {
    newest->used = 0;
    return;
  }
  size_t total = 0;
  for (lk_scratch_chunk *chunk = newest; chunk != NULL; chunk = chunk->older) {
    total += chunk->capacity;
  }
  lk_scratch_destroy(scratch);
  // Without memory for one big chunk the next operation starts with none, and asks again.
  add_chunk(scratch, total);
}

void lk_scratch_destroy(lk_scratch *scratch) {
  while (scratch->newest != NULL) {
    lk_scratch_chunk *chunk = scratch->newest;
    scratch->newest = chunk->older;
    free(chunk);
  }
}
