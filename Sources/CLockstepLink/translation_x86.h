/// Questions to an x86 CPU, or to what stands in for one.
#pragma once

#if defined(__x86_64__)

#include <cpuid.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <xmmintrin.h>

/// The twelve letters that a hypervisor, or a translator, shows as its name. QEMU and FEX answer whether or not
/// the bit is set that announces one.
static inline void hypervisor_signature(char signature[13]) {
  unsigned a, b, c, d;
  __cpuid(0x40000000, a, b, c, d);
  memcpy(signature, &b, 4);
  memcpy(signature + 4, &c, 4);
  memcpy(signature + 8, &d, 4);
  signature[12] = 0;
}

/// The CPU's name, without blanks before it.
static inline void brand_string(char brand[49]) {
  char text[49] = {0};
  for (unsigned leaf = 0; leaf < 3; leaf++) {
    unsigned registers[4];
    __cpuid(0x80000002 + leaf, registers[0], registers[1], registers[2], registers[3]);
    memcpy(text + 16 * leaf, registers, 16);
  }
  const char *start = text;
  while (*start == ' ') {
    start++;
  }
  memset(brand, 0, 49);
  memcpy(brand, start, strlen(start));
}

/// Valgrind's client request RUNNING_ON_VALGRIND: rotations that add up to nothing, so that only Valgrind
/// answers (valgrind.h has the sequence; its licence lets anybody use it).
static inline bool runs_on_valgrind(void) {
  volatile uint64_t request[6] = {0x1001, 0, 0, 0, 0, 0};
  uint64_t answer = 0;
  __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
                   : "+d"(answer)
                   : "a"(request)
                   : "cc", "memory");
  return answer != 0;
}

/// Real CPUs give 12 to 14 bits of a reciprocal; a translator that divides gives all 24.
static inline bool reciprocals_are_exact(void) {
  static const float numbers[] = {3, 5, 7, 11, 13, 19, 23, 29};
  for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
    float reciprocal;
    __asm__ volatile("rcpss %1, %0" : "=x"(reciprocal) : "x"(numbers[index]));
    if (reciprocal != 1.0f / numbers[index]) {
      return false;
    }
  }
  return true;
}

/// Whether a product below the normal numbers survives although MXCSR says that it is to become zero.
static inline bool flush_to_zero_is_ignored(void) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8000);
  float product = 1e-30f;
  float factor = 1e-10f;
  __asm__ volatile("mulss %1, %0" : "+x"(product) : "x"(factor));
  _mm_setcsr(before);
  return product != 0;
}

#endif
