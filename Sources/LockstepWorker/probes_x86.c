/// Every instruction is written in assembly: a compiler that knows the operands would compute the result itself.
#include "probes.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <xmmintrin.h>

enum {
  MXCSR_DEFAULT = 0x1F80,
  MXCSR_INEXACT = 1 << 5,
  MXCSR_DENORMALS_ARE_ZERO = 1 << 6,
  MXCSR_ROUND_DOWN = 1 << 13,
  MXCSR_ROUND_UP = 1 << 14,
  MXCSR_FLUSH_TO_ZERO = 1 << 15,
};

/// dst = dst OP src, as SSE's instructions on one float have it.
#define OPERATE(instruction, first, second)                                      \
  ({                                                                             \
    float result_ = (first);                                                     \
    __asm__ volatile(instruction " %1, %0" : "+x"(result_) : "x"((float)second)); \
    result_;                                                                     \
  })

/// The same under a control word, which is put back.
#define OPERATE_UNDER(mxcsr, instruction, first, second)  \
  ({                                                      \
    unsigned before_ = _mm_getcsr();                      \
    _mm_setcsr(mxcsr);                                    \
    float value_ = OPERATE(instruction, first, second);   \
    _mm_setcsr(before_);                                  \
    value_;                                               \
  })

static uint32_t bits(float value) {
  uint32_t result;
  memcpy(&result, &value, sizeof result);
  return result;
}

static float from_bits(uint32_t bits) {
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

static const char *obeyed(bool is_obeyed) { return is_obeyed ? "honoured" : "ignored"; }

static void probe_control_word(void) {
  float product = OPERATE_UNDER(MXCSR_DEFAULT | MXCSR_FLUSH_TO_ZERO, "mulss", 1e-30f, 1e-10f);
  print_probe("flush to zero", "%s", obeyed(product == 0));
  // A denormal number times 2^100 is a normal one, unless it is taken for zero.
  float scaled = OPERATE_UNDER(MXCSR_DEFAULT | MXCSR_DENORMALS_ARE_ZERO, "mulss", 1e-40f, 0x1p100f);
  print_probe("denormals are zero", "%s", obeyed(scaled == 0));
  float third = 1.0f / 3;
  bool up = OPERATE_UNDER(MXCSR_DEFAULT | MXCSR_ROUND_UP, "divss", 1.0f, 3.0f) == third;
  bool down = OPERATE_UNDER(MXCSR_DEFAULT | MXCSR_ROUND_DOWN, "divss", 1.0f, 3.0f) == nextafterf(third, 0);
  print_probe("rounding mode", "%s", obeyed(up && down));

  _mm_setcsr(MXCSR_DEFAULT);
  (void)OPERATE("divss", 1.0f, 3.0f);
  print_probe("exception flags", "%s", _mm_getcsr() & MXCSR_INEXACT ? "set" : "not set");
  _mm_setcsr(MXCSR_DEFAULT);
}

/// The x87 computes long double in C on x86.
static void probe_x87(void) {
  int digits = 0;
  volatile long double one = 1;
  volatile long double last = 1;
  volatile long double sum;
  do {
    digits++;
    last /= 2;
    sum = one + last;
  } while (sum != one && digits < LDBL_MANT_DIG);
  print_probe("x87 significand", "%d bits", digits);
  volatile long double large = 1e300L;
  volatile long double square = large * large;
  // isinf compares with the largest long double, which is infinite where this is.
  volatile double back = (double)(square / large);
  print_probe("x87 1e300 squared", "%s", back == 1e300 ? "finite" : "infinite");
}

/// Real CPUs look these up in tables and give some 12 bits; how good they are is up to the maker.
static void probe_approximations(void) {
  bool reciprocal_is_exact = true;
  bool root_is_divided = true;
  for (float number = 3; number < 32; number += 2) {
    reciprocal_is_exact &= OPERATE("rcpss", 0.0f, number) == 1 / number;
    root_is_divided &= OPERATE("rsqrtss", 0.0f, number) == 1 / sqrtf(number);
  }
  print_probe("rcpss", "%s", reciprocal_is_exact ? "exact" : "approximate");
  print_probe("rsqrtss", "%s", root_is_divided ? "1 / sqrt" : "approximate");
}

static int32_t truncated(float value) {
  int32_t result;
  __asm__ volatile("cvttss2si %1, %0" : "=r"(result) : "x"(value));
  return result;
}

static void probe_conversions(void) {
  print_probe("cvttss2si 3e9", "%08x", (unsigned)truncated(3e9f));
  print_probe("cvttss2si -inf", "%08x", (unsigned)truncated(-INFINITY));
  print_probe("cvttss2si NaN", "%08x", (unsigned)truncated(NAN));
}

static void probe_nans(void) {
  const float first = from_bits(0x7FC00001);
  const float second = from_bits(0xFFC00002);
  const float signalling = from_bits(0x7F800003);
  print_probe("0 / 0", "%08x", bits(OPERATE("divss", 0.0f, 0.0f)));
  print_probe("inf - inf", "%08x", bits(OPERATE("subss", INFINITY, INFINITY)));
  print_probe("sqrt -1", "%08x", bits(OPERATE("sqrtss", 0.0f, -1.0f)));
  print_probe("NaN 1 + NaN 2", "%08x", bits(OPERATE("addss", first, second)));
  print_probe("NaN 2 + NaN 1", "%08x", bits(OPERATE("addss", second, first)));
  print_probe("signalling NaN + 1", "%08x", bits(OPERATE("addss", signalling, 1.0f)));
}

/// minss and maxss give the second operand where neither is smaller.
static void probe_order(void) {
  const float nan = from_bits(0x7FC00001);
  print_probe("minss NaN, 1", "%08x", bits(OPERATE("minss", nan, 1.0f)));
  print_probe("minss 1, NaN", "%08x", bits(OPERATE("minss", 1.0f, nan)));
  print_probe("maxss NaN, 1", "%08x", bits(OPERATE("maxss", nan, 1.0f)));
  print_probe("maxss 1, NaN", "%08x", bits(OPERATE("maxss", 1.0f, nan)));
  print_probe("minss 0, -0", "%08x", bits(OPERATE("minss", 0.0f, -0.0f)));
  print_probe("maxss -0, 0", "%08x", bits(OPERATE("maxss", -0.0f, 0.0f)));
}

static void probe_features(void) {
  unsigned a;
  unsigned b;
  unsigned c;
  unsigned d;
  __cpuid(1, a, b, c, d);
  print_probe("SSE4.2", "%s", c & bit_SSE4_2 ? "yes" : "no");
  print_probe("AVX", "%s", c & bit_AVX ? "yes" : "no");
  print_probe("FMA", "%s", c & bit_FMA ? "yes" : "no");
}

void print_architecture_probes(void) {
  print_probe("architecture", "x86_64");
  probe_control_word();
  probe_x87();
  probe_approximations();
  probe_conversions();
  probe_nans();
  probe_order();
  probe_features();
}

#endif
