/// What the bodies need from outside: included before a level's target is switched on, so that no function of
/// a system header is compiled for it.
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "../runtime/kernel_table.h"

/// An FMA is computed where it is written and nowhere else.
#pragma STDC FP_CONTRACT OFF
