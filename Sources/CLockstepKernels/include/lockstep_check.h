/// A check of matrix products and convolutions that costs a small part of computing them.
///
/// Freivalds, "Probabilistic machines can use less running time", IFIP 1977: C = A · B implies C · r = A · (B · r)
/// for every vector r, and with a random r of ±1 a wrong C almost never passes.
#pragma once

#include "lockstep_kernels.h"

/// What a check found.
typedef struct {
  /// The largest difference found, divided by what rounding explains; above 1 it is worth a closer look, and NaN
  /// where something was not finite.
  double excess;
  /// How many sums were compared.
  int64_t sums;
  /// How many elements of the result each of them adds up.
  int64_t elements_per_sum;
} lk_check;

/// How many signs the check of an instruction takes; 0 where there is no check for it.
int64_t lk_check_sign_count(const lk_instruction *instruction);

/// Checks the result of an instruction that was executed. Every operand is read once and none is written.
///
/// - signs: +1 or -1, as many as lk_check_sign_count says.
lk_status lk_check_result(lk_context *context, const lk_instruction *instruction, const double *signs,
                          lk_check *check);
