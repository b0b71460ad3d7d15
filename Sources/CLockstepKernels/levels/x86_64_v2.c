/// x86-64-v2: 128-bit vectors, no FMA (Nehalem, 2008). The lowest level that is worth running on x86-64, and
/// the one a translator without AVX shows.
#if defined(__x86_64__)
#include "../bodies/prologue.h"

#define LK_LEVEL lk_kernels_x86_64_v2
#define LK_LEVEL_ISA LK_ISA_X86_64_V2
#define LK_VECTOR_BYTES 16
#define LK_HAS_FMA 0
#pragma clang attribute push(__attribute__((target("popcnt,sse4.2,sse4.1,ssse3,sse3"))), apply_to = function)
#include "../bodies/level.inc"
#pragma clang attribute pop
#endif
