/// neon: 128-bit vectors with FMA, part of every arm64 CPU.
#if defined(__aarch64__)
#include "../bodies/prologue.h"

#define LK_LEVEL lk_kernels_neon
#define LK_LEVEL_ISA LK_ISA_NEON
#define LK_VECTOR_BYTES 16
#define LK_HAS_FMA 1
#include "../bodies/level.inc"
#endif
