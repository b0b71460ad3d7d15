/// Translators show a CPU of their own, so no single question settles it: some name themselves, some are seen
/// in the memory map, some in arithmetic that no real CPU has. A virtual machine is not a translator, although
/// it sets the same CPUID bit.
#include "include/lockstep_translation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "translation_x86.h"

#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

typedef struct {
  char *text;
  size_t size;
  size_t length;
} findings;

__attribute__((format(printf, 2, 3))) static void add(findings *findings, const char *format, ...) {
  va_list values;
  va_start(values, format);
  char finding[256];
  vsnprintf(finding, sizeof finding, format, values);
  va_end(values);
  const char *separator = findings->length > 0 ? "; " : "";
  int written = snprintf(findings->text + findings->length, findings->size - findings->length, "%s%s", separator,
                         finding);
  findings->length += (size_t)written;
  if (findings->length >= findings->size) {
    findings->length = findings->size - 1;
  }
}

#if defined(__linux__)

static const char *const translator_names[] = {"qemu-", "valgrind", "box64", "FEXInterpreter", "/FEX", "rosetta"};
enum { name_count = sizeof translator_names / sizeof translator_names[0] };

static const char *translator_named_in(const char *text) {
  for (int index = 0; index < name_count; index++) {
    if (strstr(text, translator_names[index]) != NULL) {
      return translator_names[index];
    }
  }
  return NULL;
}

/// The file of a line of a memory map, without its folder; a line ends with the path.
static const char *file_name_of(char *line) {
  line[strcspn(line, "\n")] = 0;
  const char *slash = strrchr(line, '/');
  return slash != NULL ? slash + 1 : line;
}

/// The folder of this process by a path that translators do not answer themselves, as they do for
/// /proc/self and /proc/PID.
static void process_path(char *path, size_t size, const char *entry) {
  int process = (int)getpid();
  snprintf(path, size, "/proc/%d/task/%d/%s", process, process, entry);
}

static void look_at_memory_map(findings *findings) {
  char path[64];
  process_path(path, sizeof path, "maps");
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return;
  }
  char line[4400];
  while (fgets(line, sizeof line, file) != NULL) {
    char *name_start = strchr(line, '/');
    if (name_start != NULL && translator_named_in(name_start) != NULL) {
      add(findings, "%s is mapped", file_name_of(name_start));
      break;
    }
  }
  fclose(file);
}

static void look_at_executable(findings *findings) {
  char path[64];
  process_path(path, sizeof path, "exe");
  char target[4096];
  ssize_t length = readlink(path, target, sizeof target - 1);
  if (length <= 0) {
    return;
  }
  target[length] = 0;
  if (translator_named_in(target) != NULL) {
    add(findings, "the process runs %s", file_name_of(target));
  }
}

/// The kernel's list of CPUs, seen through a translator, is that of the real ones.
static void look_at_cpu_list(findings *findings) {
#if defined(__x86_64__)
  const char *foreign = "CPU implementer";
#else
  const char *foreign = "vendor_id";
#endif
  FILE *file = fopen("/proc/cpuinfo", "r");
  if (file == NULL) {
    return;
  }
  char line[1024];
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, foreign, strlen(foreign)) == 0) {
      add(findings, "/proc/cpuinfo is another architecture's");
      break;
    }
  }
  fclose(file);
}

static void look_at_system(findings *findings) {
  look_at_executable(findings);
  look_at_memory_map(findings);
  look_at_cpu_list(findings);
}

#elif defined(__APPLE__)

static void look_at_system(findings *findings) {
  int translated = 0;
  size_t size = sizeof translated;
  if (sysctlbyname("sysctl.proc_translated", &translated, &size, NULL, 0) == 0 && translated == 1) {
    add(findings, "sysctl.proc_translated is 1");
  }
}

#else

static void look_at_system(findings *findings) { (void)findings; }

#endif

void lk_read_cpu_marks(lk_cpu_marks *marks) {
  memset(marks, 0, sizeof *marks);
#if defined(__x86_64__)
  hypervisor_signature(marks->hypervisor);
  brand_string(marks->brand);
  marks->valgrind_answers = runs_on_valgrind();
  marks->reciprocals_are_exact = reciprocals_are_exact();
  marks->flush_to_zero_is_ignored = flush_to_zero_is_ignored();
#endif
}

/// Names that only translators have: QEMU's TCG; FEX (docs/CPUID.md of FEX).
static const char *const signatures[][2] = {{"TCGTCGTCGTCG", "QEMU's TCG"}, {"FEXIFEXIEMU", "FEX"}};
enum { signature_count = sizeof signatures / sizeof signatures[0] };

static void look_at_cpu(findings *findings) {
  lk_cpu_marks marks;
  lk_read_cpu_marks(&marks);
  for (int index = 0; index < signature_count; index++) {
    if (strcmp(marks.hypervisor, signatures[index][0]) == 0) {
      add(findings, "CPUID 0x40000000 is '%s' (%s)", marks.hypervisor, signatures[index][1]);
    }
  }
  // Rosetta calls the CPU so, and box64 begins the name of any with its own.
  if (strncmp(marks.brand, "VirtualApple", 12) == 0 || strncmp(marks.brand, "Box64 on", 8) == 0) {
    add(findings, "CPUID calls the CPU '%s'", marks.brand);
  }
  if (marks.valgrind_answers) {
    add(findings, "Valgrind answers its client request");
  }
  if (marks.reciprocals_are_exact) {
    add(findings, "rcpss is exact, as on no CPU");
  }
  if (marks.flush_to_zero_is_ignored) {
    add(findings, "flush-to-zero is ignored");
  }
}

bool lk_find_translation(char *evidence, size_t size) {
  findings findings = {.text = evidence, .size = size};
  evidence[0] = 0;
  look_at_cpu(&findings);
  look_at_system(&findings);
  if (findings.length > 0) {
    return true;
  }
  add(&findings, "no sign of a translator in CPUID, arithmetic, /proc or sysctl");
  return false;
}
