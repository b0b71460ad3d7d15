#include "serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "segments.h"

typedef struct {
  lk_link *link;
  lk_context *context;
  segments segments;
} worker;

static bool resolve(const segments *segments, lk_tensor *tensors, int32_t count) {
  for (int32_t index = 0; index < count; index++) {
    tensors[index].data = segment_address(segments, (uint64_t)(uintptr_t)tensors[index].data);
    if (tensors[index].data == NULL) {
      return false;
    }
  }
  return true;
}

static lk_status execute(worker *worker, const lk_instruction *shared, int64_t *missing_bytes) {
  // A copy: the operands become addresses of this process, and the slot is the host's to reuse.
  lk_instruction instruction = *shared;
  if (!resolve(&worker->segments, instruction.inputs, instruction.input_count) ||
      !resolve(&worker->segments, instruction.outputs, instruction.output_count)) {
    fputs("an operand lies in a segment that is not mapped\n", stderr);
    abort();
  }
  lk_status status = lk_execute(worker->context, &instruction);
  if (status == LK_ERROR_OUT_OF_MEMORY) {
    *missing_bytes = lk_context_missing_bytes(worker->context);
  }
  return status;
}

static lk_status perform(worker *worker, const lk_command *command, int64_t *missing_bytes) {
  switch (command->kind) {
    case LK_COMMAND_EXECUTE:
      return execute(worker, &command->body.instruction, missing_bytes);
    case LK_COMMAND_MAP_SEGMENT:
      *missing_bytes = (int64_t)command->body.segment.byte_count;
      return map_segment(&worker->segments, &command->body.segment);
    case LK_COMMAND_UNMAP_SEGMENT:
      unmap_segment(&worker->segments, &command->body.segment);
      return LK_OK;
    case LK_COMMAND_POISON:
      memset(segment_address(&worker->segments, command->body.poison.data), 0xFF, command->body.poison.byte_count);
      return LK_OK;
    default:
      fprintf(stderr, "there is no command %u\n", command->kind);
      abort();
  }
}

/// Executes what was given, one command at a time, and says so after each: the host names the one under way
/// by the count of those that are done.
static void run(worker *worker) {
  lk_link *link = worker->link;
  bool has_spare_processor = lk_available_processors() > lk_context_threads(worker->context);
  lk_spin spin = lk_spin_create(has_spare_processor);
  for (uint64_t done = 0;; done++) {
    lk_link_wait_for_command(link, done, &spin);
    if (lk_link_failure(link).status == LK_OK) {
      int64_t missing_bytes = 0;
      lk_status status = perform(worker, lk_link_slot(link, done), &missing_bytes);
      if (status != LK_OK) {
        lk_link_fail(link, (lk_failure){.status = status, .command = done, .missing_bytes = missing_bytes});
      }
    }
    lk_link_complete(link, done + 1);
  }
}

void serve(int control, int data, lk_context *context, const lk_handshake *handshake) {
  lk_link *link = mmap(NULL, lk_link_size(), PROT_READ | PROT_WRITE, MAP_SHARED, control, 0);
  if (link == MAP_FAILED) {
    fprintf(stderr, "the control memory can't be mapped: %s\n", strerror(errno));
    return;
  }
  lk_protocol own = lk_link_own_protocol();
  lk_protocol host = lk_link_meet_host(link);
  if (host.version != own.version || host.command_size != own.command_size) {
    fprintf(stderr, "the host speaks version %u of the protocol with commands of %u bytes, this worker %u with %u\n",
            host.version, host.command_size, own.version, own.command_size);
    return;
  }
  worker *worker = calloc(1, sizeof *worker);
  if (worker == NULL) {
    fputs("no memory\n", stderr);
    return;
  }
  worker->link = link;
  worker->context = context;
  worker->segments.descriptor = data;
  lk_link_announce(link, handshake);
  run(worker);
}
