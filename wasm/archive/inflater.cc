#include "archive/inflater.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/utf8.h"

namespace tensorpane {
namespace {

constexpr size_t kMaxName = 1024;
constexpr size_t kMaxInput = 1 << 30;  // zlib counts in 32 bits

int WindowBits(DeflateFormat format) {
  // zlib.h, inflateInit2: negative = raw, 16 more = gzip only.
  switch (format) {
    case DeflateFormat::kRaw:
      return -MAX_WBITS;
    case DeflateFormat::kZlib:
      return MAX_WBITS;
    case DeflateFormat::kGzip:
      break;
  }
  return MAX_WBITS + 16;
}

ArchiveFault FaultOf(int result, const char* message) {
  if (result == Z_NEED_DICT) return ArchiveFault::kMethod;
  if (result != Z_DATA_ERROR) return ArchiveFault::kTooManyBytes;  // no memory
  const std::string_view text = message == nullptr ? "" : message;
  if (text == "incorrect data check" || text == "header crc mismatch") return ArchiveFault::kChecksum;
  if (text == "incorrect length check") return ArchiveFault::kSize;
  return ArchiveFault::kDamaged;
}

}  // namespace

/// Never moves: zlib's state points back to `z`.
struct Inflater::Stream {
  ~Stream() { inflateEnd(&z); }

  z_stream z{};
  gz_header header{};
  std::array<Bytef, kMaxName> name{};
  std::array<uint8_t, kOutputBytes> output;
};

Inflater::Inflater(DeflateFormat format, const InflateLimits& limits)
    : format_(format), limits_(limits), stream_(std::make_unique<Stream>()) {
  if (inflateInit2(&stream_->z, WindowBits(format)) != Z_OK) {
    fault_ = ArchiveFault::kTooManyBytes;
    return;
  }
  if (format != DeflateFormat::kGzip) return;
  stream_->header.name = stream_->name.data();
  stream_->header.name_max = kMaxName;
  inflateGetHeader(&stream_->z, &stream_->header);
}

Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Inflater::Step Inflater::Next() {
  output_ = {};
  for (;;) {
    if (done_) return Step::kEnd;
    if (fault_ != ArchiveFault::kNone) return Step::kFault;
    if (between_members_) {
      if (input_.empty()) {
        if (!ended_) return Step::kNeedMore;
        done_ = true;
        continue;
      }
      constexpr uint8_t kGzipMagic = 0x1F;
      done_ = input_[0] != kGzipMagic;
      between_members_ = false;
      continue;
    }
    const uint64_t before = total_in_;
    InflateOnce();
    if (!output_.empty()) return Step::kOutput;
    if (done_ || between_members_ || fault_ != ArchiveFault::kNone || total_in_ != before) continue;
    if (!ended_) return Step::kNeedMore;
    fault_ = ArchiveFault::kCutOff;
  }
}

void Inflater::InflateOnce() {
  z_stream& z = stream_->z;
  const auto available = static_cast<uInt>(std::min(input_.size(), kMaxInput));
  z.next_in = const_cast<Bytef*>(input_.data());  // zlib does not write there
  z.avail_in = available;
  z.next_out = stream_->output.data();
  z.avail_out = kOutputBytes;
  // Without input zlib may still hold output; without either it says Z_BUF_ERROR, which is none.
  const int result = inflate(&z, Z_NO_FLUSH);
  input_ = input_.subspan(available - z.avail_in);
  total_in_ += available - z.avail_in;
  size_t produced = kOutputBytes - z.avail_out;
  if (result == Z_STREAM_END) {
    EndMember();
  } else if (result != Z_OK && result != Z_BUF_ERROR) {
    fault_ = FaultOf(result, z.msg);
  }
  CheckLimits(&produced);
  total_out_ += produced;
  output_ = {stream_->output.data(), produced};
}

void Inflater::EndMember() {
  if (format_ != DeflateFormat::kGzip) {
    done_ = true;
    return;
  }
  between_members_ = true;
  inflateReset(&stream_->z);
}

void Inflater::CheckLimits(size_t* produced) {
  const uint64_t left = limits_.max_total_bytes - total_out_;
  if (*produced > left) {
    *produced = static_cast<size_t>(left);
    fault_ = ArchiveFault::kTooManyBytes;
    done_ = false;  // what stands behind the limit was not delivered
  }
  const uint64_t total = total_out_ + *produced;
  if (total > limits_.ratio_from && total / std::max<uint64_t>(limits_.max_ratio, 1) > total_in_) {
    fault_ = ArchiveFault::kRatio;
    done_ = false;
  }
}

std::string Inflater::gzip_name() const {
  if (format_ != DeflateFormat::kGzip || stream_->header.done != 1) return {};
  const auto& name = stream_->name;
  const auto end = std::find(name.begin(), name.end(), 0);
  return ToValidUtf8({name.data(), static_cast<size_t>(end - name.begin())});
}

}  // namespace tensorpane
