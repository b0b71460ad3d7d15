/// What the worker says about itself.
#pragma once

#include "lockstep_link.h"

/// Fills in everything.
void fill_handshake(lk_handshake *handshake, const lk_context *context);

/// Prints it as one line of JSON.
void print_handshake(const lk_handshake *handshake);
