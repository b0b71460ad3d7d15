/// The check of a matrix product C [m, n] = A [m, k] · B [k, n].
///
/// C is contracted along its shorter side with random signs, and so is the factor that has this side:
/// C · r = A · (B · r), or s · C = (s · A) · B. Every row (or column) of C gives a number to compare, so that a wrong
/// element meets at most min(m, n) sound ones.
#include <math.h>

#include "projection.h"

/// One factor of the product, or the product.
static lk_matrix_view stored(const lk_tensor *tensor, int64_t batch) {
  int64_t rows = tensor->shape[tensor->rank - 2];
  int64_t columns = tensor->shape[tensor->rank - 1];
  const char *data = tensor->data;
  return (lk_matrix_view){data + batch * rows * columns * lk_element_size(tensor->dtype), tensor->dtype, rows,
                          columns, columns};
}

static bool contract(lk_context *context, lk_matrix_view matrix, bool along_rows, const double *weights,
                     double *sums, double *squares) {
  if (along_rows) {
    lk_project_rows(context, matrix, weights, sums, squares);
    return true;
  }
  return lk_project_columns(context, matrix, weights, sums, squares);
}

/// Buffers for one product after the other.
typedef struct {
  int64_t inner, compared;
  double *factor, *factor_squares;     // [inner]: the factor with the shorter side, contracted
  double *expected, *expected_squares; // [compared]: the other factor times that
  double *got;                         // [compared]: the product, contracted
} matmul_sums;

static bool allocate(lk_context *context, matmul_sums *sums) {
  double *memory = lk_zeros(context, 2 * sums->inner + 3 * sums->compared);
  if (memory == NULL) {
    return false;
  }
  sums->factor = memory;
  sums->factor_squares = sums->factor + sums->inner;
  sums->expected = sums->factor_squares + sums->inner;
  sums->expected_squares = sums->expected + sums->compared;
  sums->got = sums->expected_squares + sums->compared;
  return true;
}

static bool check_product(lk_context *context, const lk_instruction *instruction, int64_t batch,
                          bool contracts_columns, const double *signs, lk_check *check) {
  lk_matrix_view a = stored(&instruction->inputs[0], batch);
  lk_matrix_view b = stored(&instruction->inputs[1], batch);
  lk_matrix_view c = stored(&instruction->outputs[0], batch);
  bool transpose_a = instruction->attributes.matmul.transpose_a;
  bool transpose_b = instruction->attributes.matmul.transpose_b;
  matmul_sums sums = {.inner = transpose_a ? a.rows : a.columns,
                      .compared = contracts_columns ? c.rows : c.columns};
  if (!allocate(context, &sums)) {
    return false;
  }
  // The contracted side is along the rows of B as it is stored unless it is transposed, of A if it is.
  bool fits = contracts_columns
                  ? contract(context, b, !transpose_b, signs, sums.factor, sums.factor_squares) &&
                        contract(context, a, !transpose_a, sums.factor, sums.expected, sums.expected_squares)
                  : contract(context, a, transpose_a, signs, sums.factor, sums.factor_squares) &&
                        contract(context, b, transpose_b, sums.factor, sums.expected, sums.expected_squares);
  if (!fits || !contract(context, c, contracts_columns, signs, sums.got, NULL)) {
    return false;
  }
  double factor_square = lk_total(sums.factor_squares, sums.inner);
  for (int64_t index = 0; index < sums.compared; index++) {
    lk_check_sum(check, c.dtype, sums.inner, sums.got[index], sums.expected[index],
                 sqrt(factor_square * sums.expected_squares[index]));
  }
  return true;
}

lk_status lk_check_matmul(lk_context *context, const lk_instruction *instruction, const double *signs,
                          lk_check *check) {
  const lk_tensor *output = &instruction->outputs[0];
  int64_t m = output->shape[output->rank - 2];
  int64_t n = output->shape[output->rank - 1];
  check->elements_per_sum = lk_minimum(m, n);
  int64_t batches = lk_extent(output, 0, output->rank - 2);
  for (int64_t batch = 0; batch < batches; batch++) {
    if (!check_product(context, instruction, batch, n <= m, signs, check)) {
      return LK_ERROR_OUT_OF_MEMORY;
    }
  }
  return LK_OK;
}
