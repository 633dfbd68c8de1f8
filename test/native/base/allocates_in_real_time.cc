// Not part of any test: the build asks whether the effect analysis refuses it.
#include <vector>

#include "base/realtime.h"

int Allocate() noexcept TALKPATH_NONBLOCKING;
int Allocate() noexcept TALKPATH_NONBLOCKING { return std::vector<int>(3)[0]; }

int main() { return Allocate(); }
