#include "segments.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "lockstep_memory.h"

lk_status map_segment(segments *segments, const lk_segment *segment) {
  if (segment->number >= LK_SEGMENT_LIMIT) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  void *base = mmap(NULL, segment->byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, segments->descriptor,
                    (off_t)segment->file_offset);
  if (base == MAP_FAILED) {
    fprintf(stderr, "%llu bytes of shared memory can't be mapped: %s\n", (unsigned long long)segment->byte_count,
            strerror(errno));
    return LK_ERROR_OUT_OF_MEMORY;
  }
#if defined(MADV_HUGEPAGE)
  // Advice: where it is refused the memory is as good, only slower to touch first.
  madvise(base, segment->byte_count, MADV_HUGEPAGE);
#endif
  segments->mapped[segment->number] = (mapped_segment){.base = base, .byte_count = segment->byte_count};
  return LK_OK;
}

void unmap_segment(segments *segments, const lk_segment *segment) {
  mapped_segment *mapped = &segments->mapped[segment->number];
  munmap(mapped->base, mapped->byte_count);
  *mapped = (mapped_segment){0};
  lk_memory_discard(segments->descriptor, segment->file_offset, segment->byte_count);
}

void *segment_address(const segments *segments, uint64_t data) {
  uint64_t number = data >> LK_SEGMENT_SHIFT;
  uint64_t offset = data & ((UINT64_C(1) << LK_SEGMENT_SHIFT) - 1);
  if (number >= LK_SEGMENT_LIMIT || offset >= segments->mapped[number].byte_count) {
    return NULL;
  }
  return segments->mapped[number].base + offset;
}
