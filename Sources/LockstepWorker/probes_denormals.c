/// What denormal numbers cost, and what they become.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probes.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

enum { ELEMENTS = 4096, REPETITIONS = 5 };

static const double seconds_each = 0.02;

/// Lets the processor's floats that are too small for a full significand be zero, or not. False where that is
/// not known.
static bool flush_denormals(bool flush) {
#if defined(__x86_64__)
  // MXCSR: denormal operands are zero, denormal results become zero.
  const unsigned bits = 1 << 6 | 1 << 15;
  _mm_setcsr(flush ? _mm_getcsr() | bits : _mm_getcsr() & ~bits);
  return true;
#elif defined(__aarch64__)
  const uint64_t bit = 1 << 24;
  uint64_t value;
  __asm__ volatile("mrs %0, fpcr" : "=r"(value));
  value = flush ? value | bit : value & ~bit;
  __asm__ volatile("msr fpcr, %0" : : "r"(value));
  return true;
#else
  (void)flush;
  return false;
#endif
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/// Four floats at a time; not to be computed by the compiler, nor moved past a change of the control word.
typedef float four __attribute__((vector_size(16)));

static __attribute__((noinline)) void scale(const four *from, four *to, float factor) {
  four factors = {factor, factor, factor, factor};
  for (int index = 0; index < ELEMENTS / 4; index++) {
    to[index] = from[index] * factors;
  }
  __asm__ volatile("" : : "r"(to) : "memory");
}

/// Nanoseconds a product takes: the best of some repetitions, each as long as a clock can measure.
static double product_time(const four *from, four *to, float factor) {
  double best = 1e9;
  for (int repetition = 0; repetition < REPETITIONS; repetition++) {
    double begin = now();
    double elapsed;
    int count = 0;
    do {
      scale(from, to, factor);
      count++;
      elapsed = now() - begin;
    } while (elapsed < seconds_each);
    double time = elapsed / count / ELEMENTS * 1e9;
    best = time < best ? time : best;
  }
  return best;
}

/// FNV-1a of the bits.
static uint64_t digest(const four *numbers) {
  const unsigned char *bytes = (const unsigned char *)numbers;
  uint64_t hash = 0xCBF29CE484222325;
  for (size_t index = 0; index < sizeof(float) * ELEMENTS; index++) {
    hash = (hash ^ bytes[index]) * 0x100000001B3;
  }
  return hash;
}

static int zero_count(const four *numbers) {
  int count = 0;
  const float *floats = (const float *)numbers;
  for (int index = 0; index < ELEMENTS; index++) {
    uint32_t bits;
    memcpy(&bits, &floats[index], sizeof bits);
    count += (bits & 0x7FFFFFFF) == 0;
  }
  return count;
}

static void print_products(const char *what, const four *from, four *to) {
  char name[64];
  double time = product_time(from, to, 0.75f);
  snprintf(name, sizeof name, "product of %s: time", what);
  print_probe(name, "%.4g ns", time);
  snprintf(name, sizeof name, "product of %s: zeros", what);
  print_probe(name, "%d of %d", zero_count(to), ELEMENTS);
  snprintf(name, sizeof name, "product of %s: bits", what);
  print_probe(name, "%016llx", (unsigned long long)digest(to));
}

void print_denormal_probes(void) {
  static four normal[ELEMENTS / 4];
  static four denormal[ELEMENTS / 4];
  static four product[ELEMENTS / 4];
  float *normals = (float *)normal;
  float *denormals = (float *)denormal;
  for (int index = 0; index < ELEMENTS; index++) {
    normals[index] = 1 + (float)index / ELEMENTS;
    // From bits: arithmetic would be under the control word.
    uint32_t bits = 0x00100000 + (uint32_t)index * 37;
    memcpy(&denormals[index], &bits, sizeof bits);
  }
  begin_probes();
  print_products("normal numbers", normal, product);
  print_products("denormals", denormal, product);
  if (flush_denormals(true)) {
    print_products("denormals, flushed", denormal, product);
    flush_denormals(false);
  }
  end_probes();
}
