/// The windows of the data file that this process has mapped.
#pragma once

#include "lockstep_link.h"

typedef struct {
  char *base;
  uint64_t byte_count;
} mapped_segment;

typedef struct {
  int descriptor;
  mapped_segment mapped[LK_SEGMENT_LIMIT];
} segments;

/// Maps a segment. LK_ERROR_OUT_OF_MEMORY where the address space does not have the room.
lk_status map_segment(segments *segments, const lk_segment *segment);

/// Takes a segment out of the address space and gives its memory back to the system.
void unmap_segment(segments *segments, const lk_segment *segment);

/// Where an operand is, or NULL outside of what is mapped.
void *segment_address(const segments *segments, uint64_t data);
