/// Counts the heap allocations of the whole process, those of C libraries among them, by standing before the C
/// library's functions. Only with glibc, which keeps its own under other names; elsewhere nothing is counted.

#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether allocations are counted here.
bool allocation_counter_works(void);

/// How many blocks any thread has asked for since the program started.
int64_t allocation_counter_value(void);

#endif
