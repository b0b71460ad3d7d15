/// Projections cut into tasks, and the bound that their differences are held against.
#include "projection.h"

#include <math.h>
#include <string.h>

/// Columns whose sums and squares fit the first-level cache together.
static const int64_t column_tile = 512;
/// Where columns are too few to share, rows are cut into so many pieces at most, of so many rows at least.
static const int64_t wanted_tasks = 8;
static const int64_t smallest_rows = 64;

double *lk_zeros(lk_context *context, int64_t count) {
  double *values = lk_scratch_allocate(&context->scratch, count, sizeof(double));
  if (values != NULL) {
    memset(values, 0, (size_t)count * sizeof(double));
  }
  return values;
}

double lk_total(const double *values, int64_t count) {
#pragma clang fp reassociate(on)
  double total = 0;
  for (int64_t index = 0; index < count; index++) {
    total += values[index];
  }
  return total;
}

typedef struct {
  lk_projection_kernel kernel;
  lk_matrix_view matrix;
  const double *weights;
  double *sums;
  double *squares;
  int64_t tiles;
  int64_t piece_rows;
} projection_job;

static const char *row_of(const lk_matrix_view *matrix, int64_t row) {
  return (const char *)matrix->data + row * matrix->stride * lk_element_size(matrix->dtype);
}

static void project_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const projection_job *job = arguments;
  job->kernel(job->sums + begin, job->squares == NULL ? NULL : job->squares + begin,
              row_of(&job->matrix, begin), end - begin, job->matrix.stride, job->matrix.columns,
              job->weights);
}

void lk_project_rows(lk_context *context, lk_matrix_view matrix, const double *weights, double *sums,
                     double *squares) {
  projection_job job = {.kernel = context->kernels->project_rows[matrix.dtype],
                        .matrix = matrix,
                        .weights = weights,
                        .sums = sums,
                        .squares = squares};
  lk_parallel_for(context, matrix.rows, lk_grain(matrix.columns), project_rows, &job);
}

/// Items begin ..< end of [pieces, tiles].
static void project_columns(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const projection_job *job = arguments;
  const lk_matrix_view *matrix = &job->matrix;
  for (int64_t item = begin; item < end; item++) {
    int64_t piece = item / job->tiles;
    int64_t column = item % job->tiles * column_tile;
    int64_t row = piece * job->piece_rows;
    int64_t target = piece * matrix->columns + column;
    job->kernel(job->sums + target, job->squares == NULL ? NULL : job->squares + target,
                row_of(matrix, row) + column * lk_element_size(matrix->dtype),
                lk_minimum(job->piece_rows, matrix->rows - row), matrix->stride,
                lk_minimum(column_tile, matrix->columns - column), job->weights + row);
  }
}

/// Adds the pieces' results up.
static void add_pieces(double *sums, const double *pieces, int64_t count, int64_t columns) {
  for (int64_t piece = 0; piece < count; piece++) {
    for (int64_t column = 0; column < columns; column++) {
      sums[column] += pieces[piece * columns + column];
    }
  }
}

bool lk_project_columns(lk_context *context, lk_matrix_view matrix, const double *weights, double *sums,
                        double *squares) {
  projection_job job = {.kernel = context->kernels->project_columns[matrix.dtype],
                        .matrix = matrix,
                        .weights = weights,
                        .sums = sums,
                        .squares = squares,
                        .tiles = lk_divide_up(matrix.columns, column_tile),
                        .piece_rows = lk_maximum(matrix.rows, 1)};
  int64_t pieces = 1;
  if (job.tiles < wanted_tasks && matrix.rows >= 2 * smallest_rows) {
    job.piece_rows = lk_maximum(smallest_rows, lk_divide_up(matrix.rows, wanted_tasks));
    pieces = lk_divide_up(matrix.rows, job.piece_rows);
    job.sums = lk_zeros(context, pieces * matrix.columns);
    job.squares = squares == NULL ? NULL : lk_zeros(context, pieces * matrix.columns);
    if (job.sums == NULL || (squares != NULL && job.squares == NULL)) {
      return false;
    }
  }
  int64_t grain = lk_grain(job.piece_rows * lk_minimum(column_tile, matrix.columns));
  lk_parallel_for(context, pieces * job.tiles, grain, project_columns, &job);
  if (pieces > 1) {
    add_pieces(sums, job.sums, pieces, matrix.columns);
    if (squares != NULL) {
      add_pieces(squares, job.squares, pieces, matrix.columns);
    }
  }
  return true;
}

/// What is allowed is 4·√K·u·norm: the errors of the elements, each some √K·u·Σ|a||b| at most (Higham, §3.1),
/// meet random signs, and so add up as the root of their squares. Besides there is the rounding of the check's
/// own sums, which matters in float64 alone, and of products below the smallest normal number.
void lk_check_sum(lk_check *check, int32_t dtype, int64_t terms, double got, double expected, double norm) {
  double unit = dtype == LK_FLOAT64 ? 0x1p-53 : 0x1p-24;
  double tiny = dtype == LK_FLOAT64 ? 0x1p-1074 : 0x1p-149;
  double count = (double)check->elements_per_sum;
  double rounding = 4 * sqrt((double)terms) * unit;
  double own = 0x1p-53 * (count + (double)terms + 16) * sqrt(count);
  double bound = (rounding + own) * norm + count * (double)(terms + 1) * tiny;
  double excess = isfinite(bound) ? fabs(got - expected) / bound : NAN;
  check->sums++;
  // Once it is NaN it stays so.
  if (!(excess <= check->excess)) {
    check->excess = isnan(check->excess) ? NAN : excess;
  }
}

int64_t lk_check_sign_count(const lk_instruction *instruction) {
  const lk_tensor *output = &instruction->outputs[0];
  const lk_tensor *inputs = instruction->inputs;
  if (!lk_is_floating(output->dtype)) {
    return 0;
  }
  switch (instruction->opcode) {
    case LK_MATMUL:
      return lk_minimum(output->shape[output->rank - 2], output->shape[output->rank - 1]);
    case LK_CONV2D:
    case LK_CONV2D_INPUT_GRADIENT:
      return output->shape[0] + output->shape[3];
    case LK_CONV2D_WEIGHT_GRADIENT:
      return inputs[0].shape[3] + inputs[1].shape[3];
    default:
      return 0;
  }
}

lk_status lk_check_result(lk_context *context, const lk_instruction *instruction, const double *signs,
                          lk_check *check) {
  *check = (lk_check){0};
  lk_scratch_reset(&context->scratch);
  if (lk_count(&instruction->outputs[0]) == 0) {
    return LK_OK;
  }
  switch (instruction->opcode) {
    case LK_MATMUL:
      return lk_check_matmul(context, instruction, signs, check);
    case LK_CONV2D:
      return lk_check_conv2d(context, instruction, signs, check);
    case LK_CONV2D_INPUT_GRADIENT:
      return lk_check_conv2d_input_gradient(context, instruction, signs, check);
    case LK_CONV2D_WEIGHT_GRADIENT:
      return lk_check_conv2d_weight_gradient(context, instruction, signs, check);
    default:
      return LK_ERROR_UNSUPPORTED;
  }
}
