#include "handshake.h"

#include <stdio.h>
#include <string.h>

#include "lockstep_translation.h"

#if defined(__x86_64__)
static const char architecture[] = "x86_64";
#elif defined(__aarch64__)
static const char architecture[] = "aarch64";
#else
static const char architecture[] = "unknown";
#endif

/// Copies what fits; the record's texts always end.
#define COPY_TEXT(field, text) snprintf(field, sizeof(field), "%s", text)

void fill_handshake(lk_handshake *handshake, const lk_context *context) {
  memset(handshake, 0, sizeof *handshake);
  handshake->threads = lk_context_threads(context);
  COPY_TEXT(handshake->architecture, architecture);
  COPY_TEXT(handshake->isa_level, lk_isa_name(lk_context_isa(context)));
  COPY_TEXT(handshake->blas_core, lk_blas_core());
  COPY_TEXT(handshake->blas_library, lk_blas_config());
  handshake->is_translated = lk_find_translation(handshake->evidence, sizeof handshake->evidence);
}

static void print_text(const char *key, const char *text) {
  printf(", \"%s\": \"", key);
  for (const char *character = text; *character != 0; character++) {
    unsigned char code = (unsigned char)*character;
    if (code == '"' || code == '\\') {
      printf("\\%c", code);
    } else if (code < 0x20 || code == 0x7F) {
      printf("\\u%04x", code);
    } else {
      putchar(code);
    }
  }
  putchar('"');
}

void print_handshake(const lk_handshake *handshake) {
  printf("{\"protocolVersion\": %d, \"commandSize\": %zu", LK_LINK_VERSION, sizeof(lk_command));
  print_text("architecture", handshake->architecture);
  print_text("isaLevel", handshake->isa_level);
  print_text("blasCore", handshake->blas_core);
  print_text("blasLibrary", handshake->blas_library);
  printf(", \"threads\": %d, \"isTranslated\": %s", handshake->threads,
         handshake->is_translated ? "true" : "false");
  print_text("evidence", handshake->evidence);
  puts("}");
}
