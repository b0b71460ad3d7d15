/// x86-64-v4: 512-bit vectors with FMA (Skylake-X, 2017; Zen 4).
#if defined(__x86_64__)
#include "../bodies/prologue.h"

#define LK_LEVEL lk_kernels_x86_64_v4
#define LK_LEVEL_ISA LK_ISA_X86_64_V4
#define LK_VECTOR_BYTES 64
#define LK_HAS_FMA 1
#pragma clang attribute push(                                                                                \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,avx,fma,f16c,bmi,bmi2,lzcnt,"    \
                          "movbe,popcnt,sse4.2,sse4.1,ssse3,sse3"))),                                        \
    apply_to = function)
#include "../bodies/level.inc"
#pragma clang attribute pop
#endif
