/// Matrix products: large ones (packed_product.c) and those of dense layers (direct_product.c) by kernels of our
/// own, the others by OpenBLAS.
///
/// The result is cut into blocks of rows and columns, never along the inner dimension, so no partial sums
/// have to be combined. OpenBLAS packs rows + columns of a block and multiplies rows · columns, so blocks
/// must not be narrow; and its sums depend on the size it is called with, so the cutting depends on shapes
/// alone.
#include "gemm.h"

#include <cblas.h>
#include <string.h>

#include "direct_product.h"
#include "row_product.h"

/// Blocks are halved until there are this many, …
static const int64_t wanted_blocks = 16;
/// … or one is less work than this (multiplications; some 20 µs), or …
static const int64_t smallest_work = 1 << 20;
/// Products that take as long as reading a number from a cache that cores share.
static const int64_t products_per_read = 16;
/// … an edge would get shorter than this, …
static const int64_t smallest_edge = 32;
/// … or what is left is a tile that is packed as fast as it is multiplied: 32 × 32 × 3136, a part of a dense
/// layer, runs at 83 GFLOP/s, 64 × 32 at 90.
static const int64_t smallest_tile = 64 * 32;

static void clear_rows(int64_t m, int64_t n, void *c, int64_t c_stride, int64_t element_size) {
  for (int64_t row = 0; row < m; row++) {
    memset((char *)c + row * c_stride * element_size, 0, (size_t)(n * element_size));
  }
}

/// One row times a matrix: packing the matrix for blocks of rows would cost more than multiplying.
static void multiply_row(int32_t dtype, int64_t n, int64_t k, lk_matrix a, lk_matrix b, bool accumulate,
                         void *c) {
  CBLAS_TRANSPOSE transpose = b.transposed ? CblasNoTrans : CblasTrans;
  blasint rows = (blasint)(b.transposed ? n : k);
  blasint columns = (blasint)(b.transposed ? k : n);
  blasint step = a.transposed ? (blasint)a.stride : 1;
  if (dtype == LK_FLOAT64) {
    cblas_dgemv(CblasRowMajor, transpose, rows, columns, 1, b.data, (blasint)b.stride, a.data, step,
                accumulate ? 1 : 0, c, 1);
  } else {
    cblas_sgemv(CblasRowMajor, transpose, rows, columns, 1, b.data, (blasint)b.stride, a.data, step,
                accumulate ? 1 : 0, c, 1);
  }
}

#define LK_MULTIPLY_VECTORS(type)                                                                            \
  static void multiply_vectors_##type(int64_t m, int64_t n, const type *a, int64_t a_step, const type *b,    \
                                      int64_t b_step, type *restrict c, int64_t c_stride) {                  \
    for (int64_t row = 0; row < m; row++) {                                                                  \
      type factor = a[row * a_step];                                                                         \
      type *restrict products = c + row * c_stride;                                                          \
      if (b_step == 1) {                                                                                     \
        for (int64_t column = 0; column < n; column++) {                                                     \
          products[column] = factor * b[column];                                                             \
        }                                                                                                    \
      } else {                                                                                               \
        for (int64_t column = 0; column < n; column++) {                                                     \
          products[column] = factor * b[column * b_step];                                                    \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
  }

LK_MULTIPLY_VECTORS(float)
LK_MULTIPLY_VECTORS(double)

/// A column times a row.
static void multiply_vectors(int32_t dtype, int64_t m, int64_t n, lk_matrix a, lk_matrix b, void *c,
                             int64_t c_stride) {
  int64_t a_step = a.transposed ? 1 : a.stride;
  int64_t b_step = b.transposed ? b.stride : 1;
  if (dtype == LK_FLOAT64) {
    multiply_vectors_double(m, n, a.data, a_step, b.data, b_step, c, c_stride);
  } else {
    multiply_vectors_float(m, n, a.data, a_step, b.data, b_step, c, c_stride);
  }
}

void lk_gemm(int32_t dtype, int64_t m, int64_t n, int64_t k, lk_matrix a, lk_matrix b, bool accumulate,
             void *c, int64_t c_stride) {
  if (m == 0 || n == 0) {
    return;
  }
  if (k == 0) {
    if (!accumulate) {
      clear_rows(m, n, c, c_stride, lk_element_size(dtype));
    }
    return;
  }
  if (m == 1) {
    multiply_row(dtype, n, k, a, b, accumulate, c);
    return;
  }
  if (k == 1 && !accumulate) {
    multiply_vectors(dtype, m, n, a, b, c, c_stride);
    return;
  }
  CBLAS_TRANSPOSE transpose_a = a.transposed ? CblasTrans : CblasNoTrans;
  CBLAS_TRANSPOSE transpose_b = b.transposed ? CblasTrans : CblasNoTrans;
  if (dtype == LK_FLOAT64) {
    cblas_dgemm(CblasRowMajor, transpose_a, transpose_b, (blasint)m, (blasint)n, (blasint)k, 1, a.data,
                (blasint)a.stride, b.data, (blasint)b.stride, accumulate ? 1 : 0, c, (blasint)c_stride);
  } else {
    cblas_sgemm(CblasRowMajor, transpose_a, transpose_b, (blasint)m, (blasint)n, (blasint)k, 1, a.data,
                (blasint)a.stride, b.data, (blasint)b.stride, accumulate ? 1 : 0, c, (blasint)c_stride);
  }
}

typedef struct {
  int32_t dtype;
  int64_t element_size;
  int64_t m, n, k;
  const char *a;
  const char *b;
  char *c;
  bool transpose_a, transpose_b;
  int64_t block_rows, block_columns;
  int64_t row_blocks, column_blocks;
} matmul_job;

static int64_t half_of(int64_t edge) {
  // Multiples of 16 keep OpenBLAS in its widest kernels.
  return lk_divide_up(lk_divide_up(edge, 2), 16) * 16;
}

static void choose_blocks(matmul_job *job, int64_t batches) {
  job->block_rows = job->m;
  job->block_columns = job->n;
  for (;;) {
    job->row_blocks = lk_divide_up(job->m, job->block_rows);
    job->column_blocks = lk_divide_up(job->n, job->block_columns);
    int64_t *longer = job->block_rows > job->block_columns ? &job->block_rows : &job->block_columns;
    double work = (double)job->block_rows * (double)job->block_columns * (double)job->k;
    if (job->m == 1) {
      // Every number of B is used once: memory is the limit, and a number read takes as long as many products.
      work *= products_per_read;
    }
    bool enough = batches * job->row_blocks * job->column_blocks >= wanted_blocks;
    bool is_tile = lk_minimum(job->block_rows, job->block_columns) >= smallest_edge &&
                   job->block_rows * job->block_columns < 2 * smallest_tile;
    if (enough || is_tile || work < 2 * (double)smallest_work || *longer < 2 * smallest_edge) {
      return;
    }
    *longer = half_of(*longer);
  }
}

/// Blocks begin ..< end of [batches, row blocks, column blocks].
static void multiply_blocks(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const matmul_job *job = arguments;
  for (int64_t block = begin; block < end; block++) {
    int64_t batch = block / (job->row_blocks * job->column_blocks);
    int64_t row = block / job->column_blocks % job->row_blocks * job->block_rows;
    int64_t column = block % job->column_blocks * job->block_columns;
    int64_t a_stride = job->transpose_a ? job->m : job->k;
    int64_t b_stride = job->transpose_b ? job->k : job->n;
    int64_t a_offset = batch * job->m * job->k + row * (job->transpose_a ? 1 : a_stride);
    int64_t b_offset = batch * job->k * job->n + column * (job->transpose_b ? b_stride : 1);
    int64_t c_offset = batch * job->m * job->n + row * job->n + column;
    lk_matrix a = {job->a + a_offset * job->element_size, lk_maximum(a_stride, 1), job->transpose_a};
    lk_matrix b = {job->b + b_offset * job->element_size, lk_maximum(b_stride, 1), job->transpose_b};
    lk_gemm(job->dtype, lk_minimum(job->block_rows, job->m - row),
            lk_minimum(job->block_columns, job->n - column), job->k, a, b, false,
            job->c + c_offset * job->element_size, job->n);
  }
}

static lk_product product_of(const lk_instruction *instruction) {
  const lk_tensor *a = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  int rank = output->rank;
  bool transpose_a = instruction->attributes.matmul.transpose_a;
  bool transpose_b = instruction->attributes.matmul.transpose_b;
  int64_t m = output->shape[rank - 2];
  int64_t n = output->shape[rank - 1];
  int64_t k = a->shape[transpose_a ? rank - 2 : rank - 1];
  return (lk_product){
      .dtype = a->dtype,
      .batches = lk_extent(output, 0, rank - 2),
      .m = m,
      .n = n,
      .k = k,
      .a = {a->data, transpose_a ? m : k, transpose_a},
      .b = {instruction->inputs[1].data, transpose_b ? k : n, transpose_b},
      .c = output->data,
  };
}

typedef lk_status (*product_kernel)(lk_context *context, const lk_product *product);

/// The kernel of our own that pays, or NULL.
static product_kernel own_kernel(const lk_context *context, const lk_product *product) {
  return lk_packed_product_pays(context, product)   ? lk_packed_product
         : lk_direct_product_pays(context, product) ? lk_direct_product
         : lk_row_product_pays(context, product)    ? lk_row_product
                                                    : NULL;
}

bool lk_matmul_is_blas(const lk_context *context, const lk_instruction *instruction) {
  lk_product product = product_of(instruction);
  return own_kernel(context, &product) == NULL;
}

lk_status lk_matmul(lk_context *context, const lk_instruction *instruction) {
  lk_product product = product_of(instruction);
  bool fits_blas = product.m <= INT32_MAX && product.n <= INT32_MAX && product.k <= INT32_MAX;
  if (!lk_is_floating(product.dtype) || !fits_blas) {
    return LK_ERROR_UNSUPPORTED;
  }
  int64_t batches = product.batches;
  if (batches * product.m * product.n == 0) {
    return LK_OK;
  }
  product_kernel kernel = own_kernel(context, &product);
  if (kernel != NULL) {
    return kernel(context, &product);
  }
  matmul_job job = {
      .dtype = product.dtype,
      .element_size = lk_element_size(product.dtype),
      .m = product.m,
      .n = product.n,
      .k = product.k,
      .a = product.a.data,
      .b = product.b.data,
      .c = product.c,
      .transpose_a = product.a.transposed,
      .transpose_b = product.b.transposed,
  };
  choose_blocks(&job, batches);
  int64_t blocks = batches * job.row_blocks * job.column_blocks;
  int64_t block_work = job.block_rows * job.block_columns * lk_maximum(job.k, 1);
  int64_t grain = lk_maximum(1, smallest_work / 8 / block_work);
  lk_parallel_for(context, blocks, grain, multiply_blocks, &job);
  return LK_OK;
}
