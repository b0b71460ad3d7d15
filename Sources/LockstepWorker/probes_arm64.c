/// Every instruction is written in assembly: a compiler that knows the operands would compute the result itself.
#include "probes.h"

#if defined(__aarch64__)

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// Bits of FPCR.
enum { ROUND_UP = 1 << 22, ROUND_DOWN = 1 << 23, FLUSH_TO_ZERO = 1 << 24 };

/// OP result, first, second, of floats.
#define OPERATE(instruction, first, second)                                                                        \
  ({                                                                                                               \
    float result_;                                                                                                 \
    __asm__ volatile(instruction " %s0, %s1, %s2" : "=w"(result_) : "w"((float)first), "w"((float)second)); \
    result_;                                                                                                       \
  })

/// The same under a control word, which is put back.
#define OPERATE_UNDER(fpcr, instruction, first, second) \
  ({                                                    \
    uint64_t before_ = control_word();                  \
    set_control_word(fpcr);                             \
    float value_ = OPERATE(instruction, first, second); \
    set_control_word(before_);                          \
    value_;                                             \
  })

static uint64_t control_word(void) {
  uint64_t value;
  __asm__ volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}

static void set_control_word(uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }

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
  float product = OPERATE_UNDER(FLUSH_TO_ZERO, "fmul", 1e-30f, 1e-10f);
  print_probe("flush to zero", "%s", obeyed(product == 0));
  // FPCR has one bit for results and operands.
  float scaled = OPERATE_UNDER(FLUSH_TO_ZERO, "fmul", 1e-40f, 0x1p100f);
  print_probe("denormals are zero", "%s", obeyed(scaled == 0));
  float third = 1.0f / 3;
  bool up = OPERATE_UNDER(ROUND_UP, "fdiv", 1.0f, 3.0f) == third;
  bool down = OPERATE_UNDER(ROUND_DOWN, "fdiv", 1.0f, 3.0f) == nextafterf(third, 0);
  print_probe("rounding mode", "%s", obeyed(up && down));
}

static void probe_approximations(void) {
  bool is_exact = true;
  for (float number = 3; number < 32; number += 2) {
    float reciprocal;
    __asm__ volatile("frecpe %s0, %s1" : "=w"(reciprocal) : "w"(number));
    is_exact &= reciprocal == 1 / number;
  }
  print_probe("frecpe", "%s", is_exact ? "exact" : "approximate");
}

static int32_t truncated(float value) {
  int32_t result;
  __asm__ volatile("fcvtzs %w0, %s1" : "=r"(result) : "w"(value));
  return result;
}

static void probe_conversions(void) {
  print_probe("fcvtzs 3e9", "%08x", (unsigned)truncated(3e9f));
  print_probe("fcvtzs -inf", "%08x", (unsigned)truncated(-INFINITY));
  print_probe("fcvtzs NaN", "%08x", (unsigned)truncated(NAN));
}

static void probe_nans(void) {
  const float first = from_bits(0x7FC00001);
  const float second = from_bits(0xFFC00002);
  print_probe("0 / 0", "%08x", bits(OPERATE("fdiv", 0.0f, 0.0f)));
  print_probe("inf - inf", "%08x", bits(OPERATE("fsub", INFINITY, INFINITY)));
  print_probe("NaN 1 + NaN 2", "%08x", bits(OPERATE("fadd", first, second)));
  print_probe("NaN 2 + NaN 1", "%08x", bits(OPERATE("fadd", second, first)));
  print_probe("fmin NaN, 1", "%08x", bits(OPERATE("fmin", first, 1.0f)));
  print_probe("fmin 1, NaN", "%08x", bits(OPERATE("fmin", 1.0f, first)));
  print_probe("fmin 0, -0", "%08x", bits(OPERATE("fmin", 0.0f, -0.0f)));
}

void print_architecture_probes(void) {
  print_probe("architecture", "aarch64");
  probe_control_word();
  probe_approximations();
  probe_conversions();
  probe_nans();
  // Every ARMv8 has it.
  print_probe("FMA", "yes");
}

#endif
