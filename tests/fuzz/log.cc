// The whole way of an event file: any cut gives the same dump. Input: cuts, flags (1 = the size is known),
// what MadeFile takes.

#include "../cpp/read_bytes.h"
#include "made_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  fuzz::Cuts cuts(input.Byte());
  const bool size_known = input.Byte() & 1;
  const std::string file = fuzz::MadeFile(input);
  FUZZ_CHECK(testing::DumpOf(file, size_known) ==
             testing::DumpOf(file, size_known, [&cuts] { return cuts.Next(); }));
  return 0;
}
