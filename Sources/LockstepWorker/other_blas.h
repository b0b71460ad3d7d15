/// An OpenBLAS other than the one that this program is linked with.
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  void *multiply; // its cblas_sgemm
  bool is_wide;   // whether its integers have 64 bits
  const char *core, *config;
} other_blas;

/// Loads a library for one thread. Where it is none a line on standard error says why.
bool load_other_blas(const char *path, other_blas *library);

/// c = a b of dense row-major matrices.
void multiply_by_other_blas(const other_blas *library, int64_t rows, int64_t columns, int64_t inner, const float *a,
                            const float *b, float *c);
