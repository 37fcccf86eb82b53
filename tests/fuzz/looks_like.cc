// What a file is by its first bytes. Input: a file.

#include "archive/looks_like.h"

#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const Bytes start(data, std::min(size, kSniffed));
  LooksLike(start);
  LooksMangled(start);
  KindOf(start.first(std::min(start.size(), kKindBytes)));
  return 0;
}
