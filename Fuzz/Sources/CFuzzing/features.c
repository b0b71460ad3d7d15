// libFuzzer takes the bytes of this section for counters, as those of the code that is compiled for it.
#include "CFuzzing.h"

enum { COUNTER_COUNT = 4096 };

#if defined(__linux__)
__attribute__((section("__libfuzzer_extra_counters")))
#endif
// Not static: nothing here reads them, so that the compiler would leave them out.
uint8_t fuzzing_counters[COUNTER_COUNT];

void fuzzing_note(uint32_t feature) { fuzzing_counters[feature % COUNTER_COUNT] = 1; }
