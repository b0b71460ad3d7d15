/// Memory that can be handed to another process by its descriptor.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// A growing file of zeros without a name, in memory where the system has that, that vanishes with its last
/// descriptor and mapping. Returns a descriptor that a started program does not inherit, or -1 and errno.
int lk_memory_create(const char *name);

/// Whether the system would let this process have so much memory of its own. A shared file may be mapped
/// however large it is, and the process that touches its pages is killed; this asks the question malloc asks.
bool lk_memory_would_fit(uint64_t byte_count);

/// Gives a part of the file back to the system; it reads as zeros from then on.
void lk_memory_discard(int descriptor, uint64_t offset, uint64_t byte_count);
