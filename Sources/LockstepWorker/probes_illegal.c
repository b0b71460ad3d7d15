/// What becomes of a program that executes an instruction which the CPU it was built for has, and the one it
/// runs on may lack: official TensorFlow 2.4 wheels did that with AVX under Rosetta 2.
///
/// A child process executes it, so that this one lives to tell.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes.h"

static void probe_instruction(const char *name, void (*execute)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) {
    print_probe(name, "no process could be started");
    return;
  }
  if (child == 0) {
    // The signal is what is wanted, not a file that tells of it.
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGILL, SIG_DFL);
    execute();
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    print_probe(name, "%s", number == SIGILL ? "SIGILL" : strsignal(number));
  } else {
    print_probe(name, "executed");
  }
}

#if defined(__x86_64__)

static void execute_avx(void) { __asm__ volatile("vxorps %%ymm0, %%ymm0, %%ymm0" ::: "xmm0"); }

static void execute_avx2(void) { __asm__ volatile("vpxor %%ymm0, %%ymm0, %%ymm0" ::: "xmm0"); }

static void execute_avx512(void) { __asm__ volatile("vpxord %%zmm0, %%zmm0, %%zmm0" ::: "xmm0"); }

static void probe_instructions(void) {
  probe_instruction("AVX instruction", execute_avx);
  probe_instruction("AVX2 instruction", execute_avx2);
  probe_instruction("AVX-512 instruction", execute_avx512);
}

#elif defined(__aarch64__)

/// CNTB x0, as bytes: an assembler knows it only when it is told of SVE.
static void execute_sve(void) { __asm__ volatile(".inst 0x0420e3e0" ::: "x0"); }

static void probe_instructions(void) { probe_instruction("SVE instruction", execute_sve); }

#else

static void probe_instructions(void) { print_probe("architecture", "unknown"); }

#endif

void print_illegal_probes(void) {
  begin_probes();
  probe_instructions();
  end_probes();
}
