/// x86-64-v3: 256-bit vectors with FMA (Haswell, 2013; Zen).
#if defined(__x86_64__)
#include "../bodies/prologue.h"

#define LK_LEVEL lk_kernels_x86_64_v3
#define LK_LEVEL_ISA LK_ISA_X86_64_V3
#define LK_VECTOR_BYTES 32
#define LK_HAS_FMA 1
#pragma clang attribute push(                                                                                \
    __attribute__((target("avx2,avx,fma,f16c,bmi,bmi2,lzcnt,movbe,popcnt,sse4.2,sse4.1,ssse3,sse3"))),       \
    apply_to = function)
#include "../bodies/level.inc"
#pragma clang attribute pop
#endif
