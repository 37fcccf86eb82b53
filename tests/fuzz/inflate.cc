// gzip, zlib and raw deflate: any cut of the bytes gives the same output and fault. Input: cuts, format,
// bytes.

#include "archive/inflater.h"
#include "input.h"

namespace tensorpane::fuzz {
namespace {

/// All that comes out of `bytes`, and the fault.
std::string Inflate(Bytes bytes, DeflateFormat format, Cuts cuts) {
  Inflater inflater(format, {.max_total_bytes = 1 << 20});
  std::string output, piece;
  for (;;) {
    switch (inflater.Next()) {
      case Inflater::Step::kOutput:
        FUZZ_CHECK(!inflater.output().empty() && inflater.output().size() <= Inflater::kOutputBytes);
        output += AsText(inflater.output());
        break;
      case Inflater::Step::kNeedMore:
        piece = AsText(bytes.first(std::min(cuts.Next(), bytes.size())));
        bytes = bytes.subspan(piece.size());
        if (piece.empty()) {
          inflater.End();
        } else {
          inflater.Feed(AsBytes(piece));
        }
        break;
      case Inflater::Step::kEnd:
      case Inflater::Step::kFault:
        FUZZ_CHECK(inflater.total_out() == output.size() && output.size() <= 1 << 20);
        return output + Name(inflater.fault()) + inflater.gzip_name();
    }
  }
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const auto format = static_cast<DeflateFormat>(input.Byte() % 3);
  const Bytes bytes = input.Rest();
  FUZZ_CHECK(fuzz::Inflate(bytes, format, cuts) == fuzz::Inflate(bytes, format, fuzz::Cuts(0)));
  return 0;
}
