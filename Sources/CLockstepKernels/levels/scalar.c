/// scalar: one lane, no FMA, every CPU. Sums run in plain order within a block, as a textbook loop does: the
/// level to compare the others with.
#include "../bodies/prologue.h"

#define LK_LEVEL lk_kernels_scalar
#define LK_LEVEL_ISA LK_ISA_SCALAR
#define LK_VECTOR_BYTES 0
#define LK_HAS_FMA 0
#include "../bodies/level.inc"
