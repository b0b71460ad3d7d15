#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "liveness.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

static void *wait_for_end(void *argument) {
  int socket = (int)(intptr_t)argument;
  char byte;
  // The host never writes.
  while (read(socket, &byte, 1) > 0 || errno == EINTR) {
    errno = 0;
  }
  _exit(0);
}

/// Signals are the main thread's: this one must be able to end a process that a signal handler holds up.
static int start_without_signals(pthread_t *thread, int socket) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int result = pthread_create(thread, NULL, wait_for_end, (void *)(intptr_t)socket);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return result;
}

bool end_with_host(int socket) {
  signal(SIGINT, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  // A dump would hold all shared memory, and land in the folder where somebody trains.
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#if defined(__linux__)
  // For a worker whose threads can't run, because it was stopped. Sent when the *thread* that started the
  // worker ends, so the host keeps that thread.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  pthread_t thread;
  if (start_without_signals(&thread, socket) != 0) {
    fputs("no thread could be started to watch the host\n", stderr);
    return false;
  }
  pthread_detach(thread);
  return true;
}
