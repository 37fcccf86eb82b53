#pragma once

#include <functional>
#include <vector>

#include "bundle/bundle_index.h"

namespace tensorpane {

/// Reads the bytes of one variable of a checkpoint from its .data files, in pieces; the CRC of each part is
/// checked when it is over. Whoever has the files drives it:
///
///     while (reader.Next() == Step::kNeed) reader.Provide(read(reader.request()));
///
/// Memory: none of its own.
class VariableReader {
 public:
  enum class Step {
    kNeed,   ///< Provide() the bytes of request().
    kEnd,    ///< All was handed over.
    kFault,  ///< fault() says why nothing more comes; what was handed over may be wrong.
  };
  struct Request {
    uint32_t shard;
    uint64_t offset;
    uint64_t length;  ///< at most 1 MiB
  };
  static constexpr size_t kMaxParts = 1000;

  /// Gets bytes that lie together in the whole variable, row by row: those from `offset` on. Of strings, all
  /// that the file has of them, in order (ReadStrings).
  using Take = std::function<void(uint64_t offset, Bytes bytes)>;

  /// `index` must outlive it, `variable` is one of its.
  VariableReader(const BundleIndex& index, const BundleEntry& variable, Take take);

  Step Next();
  const Request& request() const { return request_; }
  /// The bytes of request(); fewer = the file ends there.
  void Provide(Bytes bytes);
  BundleFault fault() const { return fault_; }

 private:
  struct Part {
    const BundleEntry* entry;
    VariableSlice slice;  // without kFull
  };

  BundleFault AddParts(const BundleIndex& index);
  BundleFault CheckSizes(const BundleIndex& index) const;
  void HandOver(Bytes bytes);

  const BundleEntry& variable_;
  Take take_;
  std::vector<Part> parts_;
  size_t part_ = 0;
  uint64_t at_ = 0;  // bytes of the part that came
  uint32_t crc_ = 0;
  Request request_{};
  BundleFault fault_ = BundleFault::kNone;
};

/// Cuts the bytes of a variable of strings, and checks them: the lengths as varints, their masked CRC, the
/// strings (tensor_bundle.cc, WriteStringTensor). The strings are views into `bytes`.
BundleFault ReadStrings(const BundleEntry& variable, Bytes bytes, std::vector<Bytes>* strings);

}  // namespace tensorpane
