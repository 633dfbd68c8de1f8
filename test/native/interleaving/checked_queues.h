// The queues' own source, compiled a second time, on memory that is watched. Only for programs that link no other
// compilation of it.
#pragma once

#include "interleaving/checked_std.h"

#define std checked_std
#include "queue/audio_queue.h"
#undef std
