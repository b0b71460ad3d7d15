/// The kernel tables of the levels this build has.
#pragma once

#include "kernel_table.h"

/// The kernels of a level that is available.
const lk_kernel_table *lk_isa_kernels(lk_isa isa);
