/// The loop around lk_execute.
#pragma once

#include "lockstep_link.h"

/// Maps the control memory, gives the handshake and executes commands until the process is ended. Returns
/// only if it can't start, after saying why.
void serve(int control, int data, lk_context *context, const lk_handshake *handshake);
