/// How the worker ends: with its host, and not by what the terminal sends to the host.
#pragma once

#include <stdbool.h>

/// Starts a thread that ends this process, even in the middle of an operation, when the other end of the
/// socket is closed: by the host, or by the system when the host is gone. Returns false after saying why it
/// can't.
bool end_with_host(int socket);
