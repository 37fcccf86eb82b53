#pragma once

#include <memory>
#include <string>

#include "archive/archive_fault.h"
#include "base/bytes.h"

namespace tensorpane {

/// What guards against decompression bombs.
struct InflateLimits {
  /// Bytes of output.
  uint64_t max_total_bytes = uint64_t{64} << 30;
  /// Bytes of output per byte of input, judged once there are more than `ratio_from` bytes of output. Deflate
  /// cannot go beyond 1032; event files reach 10 to 50.
  uint64_t max_ratio = 300;
  uint64_t ratio_from = 64 << 20;
};

enum class DeflateFormat : uint8_t {
  kRaw,   ///< RFC 1951
  kZlib,  ///< RFC 1950; its Adler-32 is checked
  kGzip,  ///< RFC 1952, any number of members; CRC-32 and size of each are checked
};

/// Inflates a stream whose bytes come in pieces of any size. Any cut gives the same output and the same fault
/// (only how much of a bomb comes out before kRatio may differ). Everything good before a fault is delivered
/// first.
///
///     inflater.Feed(piece);
///     while (inflater.Next() == Inflater::Step::kOutput) Use(inflater.output());
///
/// Behind the last gzip member anything may follow that does not begin with the byte 1F, as for gzip(1);
/// behind raw and zlib streams anything.
class Inflater {
 public:
  enum class Step {
    kOutput,    ///< output() is the next piece.
    kNeedMore,  ///< Feed() the next bytes, or End().
    kEnd,       ///< The stream is over and was right.
    kFault,     ///< fault() says why nothing more comes.
  };
  static constexpr size_t kOutputBytes = 64 << 10;  // at most, in one piece

  explicit Inflater(DeflateFormat format, const InflateLimits& limits = {});
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  /// The next bytes, not copied: they must stay until Next() wants more.
  void Feed(Bytes bytes) { input_ = bytes; }
  /// There are no more bytes.
  void End() { ended_ = true; }
  Step Next();

  /// Valid until the next call of Next().
  Bytes output() const { return output_; }
  ArchiveFault fault() const { return fault_; }
  uint64_t total_in() const { return total_in_; }
  uint64_t total_out() const { return total_out_; }
  /// The name in the header of the first gzip member, as valid UTF-8, cut at 1 KiB; empty if there is none or
  /// it was not read yet.
  std::string gzip_name() const;

 private:
  struct Stream;

  /// One call of zlib on what is fed.
  void InflateOnce();
  void EndMember();
  /// Cuts `*produced` bytes of new output to what the limits allow.
  void CheckLimits(size_t* produced);

  DeflateFormat format_;
  InflateLimits limits_;
  std::unique_ptr<Stream> stream_;
  Bytes input_;
  Bytes output_;
  bool ended_ = false;
  bool between_members_ = false;
  bool done_ = false;
  ArchiveFault fault_ = ArchiveFault::kNone;
  uint64_t total_in_ = 0;
  uint64_t total_out_ = 0;
};

}  // namespace tensorpane
