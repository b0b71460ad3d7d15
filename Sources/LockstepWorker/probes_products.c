/// How fast OpenBLAS's kernels multiply matrices of shapes that trainings have, on one thread, and Lockstep's product
/// beside it; of another OpenBLAS, how fast that is.
///
/// Every shape is computed again and again within its share of the time; the quickest call counts, since whatever
/// disturbs a machine makes calls slower and none quicker.
#include <cblas.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lockstep_kernels.h"
#include "other_blas.h"
#include "probes.h"

typedef struct {
  int64_t rows, columns, inner;
} product_shape;

/// Of W1 with batches of 64, its larger dense layer: forward, gradients of weights and of inputs; its smaller one; a
/// hidden layer of 128 units; one with 1,000 classes; and a large square one.
static const product_shape shapes[] = {
    {64, 128, 3136}, {3136, 128, 64}, {64, 3136, 128}, {64, 10, 128}, {128, 128, 128}, {64, 1000, 512},
    {768, 768, 768},
};
enum { shape_count = sizeof shapes / sizeof shapes[0], largest_operand = 768 * 768, LEAST_CALLS = 3 };

typedef struct {
  float *a, *b, *c;
} operands;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void multiply_by_blas(const product_shape *shape, const operands *operands) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)shape->rows, (blasint)shape->columns,
              (blasint)shape->inner, 1, operands->a, (blasint)shape->inner, operands->b, (blasint)shape->columns, 0,
              operands->c, (blasint)shape->columns);
}

static lk_tensor matrix(float *data, int64_t rows, int64_t columns) {
  return (lk_tensor){.data = data, .shape = {rows, columns}, .rank = 2, .dtype = LK_FLOAT32};
}

static lk_instruction instruction_of(const product_shape *shape, const operands *operands) {
  return (lk_instruction){
      .opcode = LK_MATMUL,
      .input_count = 2,
      .output_count = 1,
      .inputs = {matrix(operands->a, shape->rows, shape->inner), matrix(operands->b, shape->inner, shape->columns)},
      .outputs = {matrix(operands->c, shape->rows, shape->columns)},
  };
}

/// What multiplies: Lockstep, another OpenBLAS, or, without either, the OpenBLAS that this is linked with.
typedef struct {
  lk_context *context;
  const other_blas *other;
} multiplier;

static void multiply(multiplier by, const product_shape *shape, const operands *operands) {
  if (by.context != NULL) {
    lk_instruction instruction = instruction_of(shape, operands);
    lk_execute(by.context, &instruction);
  } else if (by.other != NULL) {
    multiply_by_other_blas(by.other, shape->rows, shape->columns, shape->inner, operands->a, operands->b, operands->c);
  } else {
    multiply_by_blas(shape, operands);
  }
}

/// Billions of operations a second of the quickest call.
static double best_rate(multiplier by, const product_shape *shape, const operands *operands, double seconds) {
  double begin = now();
  double last = begin;
  double best = 0;
  for (int call = 0; call < LEAST_CALLS || last - begin < seconds; call++) {
    multiply(by, shape, operands);
    double end = now();
    double rate = 2e-9 * (double)shape->rows * (double)shape->columns * (double)shape->inner / (end - last);
    best = rate > best ? rate : best;
    last = end;
  }
  return best;
}

/// A row about a shape, which is given as ROWSxINNERxCOLUMNS.
static void print_row(const char *what, const product_shape *shape, double value) {
  char name[96];
  snprintf(name, sizeof name, "%s %lldx%lldx%lld", what, (long long)shape->rows, (long long)shape->inner,
           (long long)shape->columns);
  print_probe(name, "%.4g", value);
}

static void print_rates(lk_context *context, const other_blas *other, const operands *operands, double seconds) {
  double share = seconds / (2 * shape_count);
  begin_probes();
  print_probe("BLAS core", "%s", other != NULL ? other->core : lk_blas_core());
  print_probe("BLAS library", "%s", other != NULL ? other->config : lk_blas_config());
  for (int index = 0; index < shape_count; index++) {
    const product_shape *shape = &shapes[index];
    lk_instruction instruction = instruction_of(shape, operands);
    print_row("left", shape, lk_matmul_is_blas(context, &instruction));
    print_row("blas", shape, best_rate((multiplier){.other = other}, shape, operands, share));
    print_row("own", shape, best_rate((multiplier){.context = context}, shape, operands, share));
  }
  end_probes();
}

static float *numbers(void) {
  float *array = malloc(largest_operand * sizeof *array);
  for (int64_t index = 0; array != NULL && index < largest_operand; index++) {
    array[index] = (float)(index % 251) / 251 - 0.5f;
  }
  return array;
}

bool print_product_probes(int milliseconds, const other_blas *other) {
  lk_context *context = lk_context_create(1, lk_isa_best());
  operands operands = {numbers(), numbers(), numbers()};
  bool has_memory = context != NULL && operands.a != NULL && operands.b != NULL && operands.c != NULL;
  if (has_memory) {
    print_rates(context, other, &operands, milliseconds / 1e3);
  }
  free(operands.a);
  free(operands.b);
  free(operands.c);
  if (context != NULL) {
    lk_context_destroy(context);
  }
  return has_memory;
}
