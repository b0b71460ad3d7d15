/// lockstep-worker: executes the commands of a host in memory both share, usually under a binary translator.
///
/// The host starts it with descriptors of the control memory, the data file and a socket. With --handshake it
/// only says what it is, as one line of JSON; with --probes, how its arithmetic behaves; with --probe-norms, how
/// OpenBLAS's norms do; with --probe-denormals, what denormal numbers cost; with --probe-illegal, what happens to
/// instructions that the CPU may lack; with --probe-products, how fast matrices are multiplied, by another OpenBLAS
/// where one is named.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handshake.h"
#include "liveness.h"
#include "lockstep_kernels.h"
#include "probes.h"
#include "serve.h"

enum { EXIT_USAGE = 2, EXIT_CANNOT_START = 3 };

static const char usage[] =
    "usage: lockstep-worker --control FD --data FD --socket FD [--threads N] [--isa LEVEL]\n"
    "       lockstep-worker --handshake [--threads N] [--isa LEVEL]\n"
    "       lockstep-worker --probes | --probe-norms LENGTH | --probe-denormals | --probe-illegal\n"
    "       lockstep-worker --probe-products MILLISECONDS [OPENBLAS]\n";

typedef struct {
  bool only_handshake;
  int control;
  int data;
  int socket;
  int threads;
  const char *isa;
} arguments;

static bool parse_up_to(long limit, const char *text, int *number) {
  char *end;
  long value = strtol(text, &end, 10);
  *number = (int)value;
  return *text != 0 && *end == 0 && value >= 0 && value <= limit;
}

static bool parse_number(const char *text, int *number) { return parse_up_to(1 << 20, text, number); }

static bool parse_length(const char *text, int *length) { return parse_up_to(INT32_MAX, text, length); }

static bool parse_option(const char *option, const char *value, arguments *result) {
  if (strcmp(option, "--isa") == 0) {
    result->isa = value;
    return true;
  }
  int *number = strcmp(option, "--control") == 0   ? &result->control
                : strcmp(option, "--data") == 0    ? &result->data
                : strcmp(option, "--socket") == 0  ? &result->socket
                : strcmp(option, "--threads") == 0 ? &result->threads
                                                   : NULL;
  return number != NULL && parse_number(value, number);
}

static bool parse(int count, char **words, arguments *result) {
  *result = (arguments){.control = -1, .data = -1, .socket = -1};
  for (int index = 1; index < count; index++) {
    if (strcmp(words[index], "--handshake") == 0) {
      result->only_handshake = true;
    } else if (index + 1 == count || !parse_option(words[index], words[index + 1], result)) {
      return false;
    } else {
      index++;
    }
  }
  return result->only_handshake || (result->control >= 0 && result->data >= 0 && result->socket >= 0);
}

/// The kernels' context, or NULL after saying why there is none.
static lk_context *create_context(const arguments *arguments) {
  int isa = arguments->isa != NULL ? lk_isa_named(arguments->isa) : (int)lk_isa_best();
  if (isa < 0 || !lk_isa_available((lk_isa)isa)) {
    fprintf(stderr, "this CPU does not run instruction-set level %s; its best is %s\n", arguments->isa,
            lk_isa_name(lk_isa_best()));
    return NULL;
  }
  int threads = arguments->threads > 0 ? arguments->threads : lk_available_processors();
  lk_context *context = lk_context_create(threads, (lk_isa)isa);
  if (context == NULL) {
    fprintf(stderr, "no memory, or the system did not let %d threads start\n", threads);
  }
  return context;
}

/// Does what a mode of probing asks for; false for other arguments.
static bool probe(int count, char **words, int *status) {
  *status = EXIT_SUCCESS;
  int length;
  if (count == 2 && strcmp(words[1], "--probes") == 0) {
    print_probes();
  } else if (count == 2 && strcmp(words[1], "--probe-illegal") == 0) {
    print_illegal_probes();
  } else if (count == 2 && strcmp(words[1], "--probe-denormals") == 0) {
    print_denormal_probes();
  } else if ((count == 3 || count == 4) && strcmp(words[1], "--probe-products") == 0 &&
             parse_number(words[2], &length)) {
    other_blas other;
    if (count == 4 && !load_other_blas(words[3], &other)) {
      *status = EXIT_CANNOT_START;
    } else if (!print_product_probes(length, count == 4 ? &other : NULL)) {
      fputs("no memory, or no thread, to multiply matrices\n", stderr);
      *status = EXIT_CANNOT_START;
    }
  } else if (count == 3 && strcmp(words[1], "--probe-norms") == 0 && parse_length(words[2], &length)) {
    if (!print_norm_probes(length)) {
      fprintf(stderr, "norms of %s numbers: at least 1000, and memory for them\n", words[2]);
      *status = EXIT_CANNOT_START;
    }
  } else {
    return false;
  }
  return true;
}

int main(int count, char **words) {
  int status;
  if (probe(count, words, &status)) {
    return status;
  }
  arguments arguments;
  if (!parse(count, words, &arguments)) {
    fputs(usage, stderr);
    return EXIT_USAGE;
  }
  if (!arguments.only_handshake && !end_with_host(arguments.socket)) {
    return EXIT_CANNOT_START;
  }
  lk_context *context = create_context(&arguments);
  if (context == NULL) {
    return EXIT_CANNOT_START;
  }
  lk_handshake handshake;
  fill_handshake(&handshake, context);
  if (arguments.only_handshake) {
    print_handshake(&handshake);
    return EXIT_SUCCESS;
  }
  serve(arguments.control, arguments.data, context, &handshake);
  return EXIT_CANNOT_START;
}
