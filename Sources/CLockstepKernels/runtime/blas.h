/// What has to be arranged with OpenBLAS before it is called.
#pragma once

#include <stdbool.h>

/// Sets OpenBLAS to one thread for each caller, and has it take the memory that `callers` of them need at
/// once. False when there is not that much.
bool lk_blas_prepare(int callers);
