/// Starting a worker and watching it: the parts of it that every system spells differently.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// A worker's descriptors, by the host's numbers, and the numbers it sees them by.
typedef struct {
  int standard_error;
  int control;
  int data;
  int socket;
  /// A program to execute from memory, or -1.
  int program;
} lk_worker_descriptors;

enum { LK_WORKER_CONTROL = 3, LK_WORKER_DATA = 4, LK_WORKER_SOCKET = 5, LK_WORKER_PROGRAM = 6 };

/// Starts a program in a process group of its own, so that Ctrl-C does not reach it, with nothing open but
/// these descriptors. Both its outputs go to `standard_error`. Returns 0 or an error number.
int lk_process_start(const char *path, char *const arguments[], char *const environment[],
                     lk_worker_descriptors descriptors, pid_t *process);

/// A descriptor that can be read when the process has ended, or -1 where there is no such thing.
int lk_process_open(pid_t process);

/// Waits until the descriptor can be read (if it isn't -1) or the process ended, at most a tenth of a second
/// where the system does not tell of the latter. Returns whether the descriptor can be read.
bool lk_process_wait(int process_descriptor, int readable);

/// A pair of connected sockets that programs started later do not inherit. Returns 0, or -1 and errno.
int lk_socket_pair(int sockets[2]);

/// A pipe, reading end first, that programs started later do not inherit. Returns 0, or -1 and errno.
int lk_pipe(int ends[2]);

typedef struct lk_thread lk_thread;

/// Starts a thread that gets no signals; NULL if the system does not let it.
lk_thread *lk_thread_start(void (*body)(void *), void *argument);
/// Waits for the thread's end.
void lk_thread_join(lk_thread *thread);
