/// How the Euclidean norms of this OpenBLAS grow wrong with the length of a vector.
///
/// On x86-64 its `dnrm2` adds squares in the x87's 64-bit significands: no error shows, unless whatever runs
/// the code has only doubles there. On ARMv8 its generic `snrm2` adds them one by one in single precision.
///
/// The vectors are integers times a power of two, so that the exact sum of squares is an integer, too.
#include <cblas.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "probes.h"

/// OpenBLAS's double norm needs not be shown longer vectors: its error is plain by then.
enum { SHORTEST = 1000, LONGEST_OF_DOUBLES = 10000000 };

/// Bits of the integers: with 30, squares need more than the 53 of a double; 24 are a float's.
enum { DOUBLE_BITS = 30, FLOAT_BITS = 24 };

typedef unsigned __int128 wide;

/// Marsaglia's xorshift, 64 bits.
static uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static const uint64_t seed = 88172645463325252u;

static double ulps_between(double value, double exact) {
  return fabs(value - exact) / (nextafter(exact, INFINITY) - exact);
}

static void probe_doubles(double *vector, int64_t longest) {
  uint64_t state = seed;
  wide sum = 0;
  int64_t filled = 0;
  for (int64_t count = SHORTEST; count <= longest; count *= 10) {
    for (; filled < count; filled++) {
      uint64_t number = next_random(&state) >> (64 - DOUBLE_BITS);
      vector[filled] = (double)number * 0x1p-30;
      sum += number * number;
    }
    double exact = sqrt((double)sum) * 0x1p-30;
    double norm = cblas_dnrm2((blasint)count, vector, 1);
    char name[64];
    snprintf(name, sizeof name, "dnrm2 of %lld", (long long)count);
    print_probe(name, "%.0f ULP", ulps_between(norm, exact));
  }
}

static void probe_large_doubles(double *vector) {
  for (int64_t index = 0; index < SHORTEST; index++) {
    vector[index] = 1e200;
  }
  print_probe("dnrm2 of numbers of 1e200", "%s", isfinite(cblas_dnrm2(SHORTEST, vector, 1)) ? "finite" : "infinite");
}

static void probe_floats(float *vector, int64_t longest) {
  uint64_t state = seed;
  wide sum = 0;
  int64_t filled = 0;
  int64_t count = SHORTEST;
  for (;;) {
    for (; filled < count; filled++) {
      uint64_t number = next_random(&state) >> (64 - FLOAT_BITS);
      vector[filled] = (float)number * 0x1p-24f;
      sum += number * number;
    }
    double exact = sqrt((double)sum) * 0x1p-24;
    double error = fabs(cblas_snrm2((blasint)count, vector, 1) - exact) / exact;
    char name[64];
    snprintf(name, sizeof name, "snrm2 of %lld", (long long)count);
    print_probe(name, "%.3g u", error * 0x1p24);
    if (count == longest) {
      return;
    }
    count = count * 10 < longest ? count * 10 : longest;
  }
}

bool print_norm_probes(int64_t longest) {
  if (longest < SHORTEST || longest > INT32_MAX) {
    return false;
  }
  int64_t longest_of_doubles = longest < LONGEST_OF_DOUBLES ? longest : LONGEST_OF_DOUBLES;
  double *doubles = malloc((size_t)longest_of_doubles * sizeof *doubles);
  float *floats = malloc((size_t)longest * sizeof *floats);
  bool has_memory = doubles != NULL && floats != NULL;
  if (has_memory) {
    openblas_set_num_threads(1);
    begin_probes();
    print_probe("BLAS core", "%s", openblas_get_corename());
    probe_doubles(doubles, longest_of_doubles);
    probe_large_doubles(doubles);
    probe_floats(floats, longest);
    end_probes();
  }
  free(doubles);
  free(floats);
  return has_memory;
}
