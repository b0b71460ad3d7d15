#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/// libFuzzer's own: changes the bytes in place, and gives their new number, `max_size` at most.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/// Tells libFuzzer of something that an input has reached where no instrumented code shows it; what it is, is a number
/// of the caller's.
void fuzzing_note(uint32_t feature);
