#include "archive/inflater.h"

#include <gtest/gtest.h>

#include <ostream>

#include "archive_bytes.h"

namespace tensorpane {
namespace {

using namespace std::literals;
using namespace testing;

constexpr DeflateFormat kRaw = DeflateFormat::kRaw, kZlib = DeflateFormat::kZlib,
                        kGzip = DeflateFormat::kGzip;

struct Inflated {
  std::string output;
  ArchiveFault fault = ArchiveFault::kNone;
  std::string name{};
  bool operator==(const Inflated&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Inflated& inflated) {
  return out << inflated.output.size() << " bytes, " << Name(inflated.fault) << ", name " << inflated.name;
}

Inflated Inflate(DeflateFormat format, std::string_view bytes, NextCut next_cut = Whole(),
                 const InflateLimits& limits = {}) {
  Inflater inflater(format, limits);
  Inflated result;
  std::string piece;
  for (;;) {
    switch (inflater.Next()) {
      case Inflater::Step::kOutput:
        EXPECT_FALSE(inflater.output().empty());
        EXPECT_LE(inflater.output().size(), Inflater::kOutputBytes);
        result.output += AsText(inflater.output());
        break;
      case Inflater::Step::kNeedMore:
        if (bytes.empty()) {
          inflater.End();
          break;
        }
        piece = bytes.substr(0, next_cut());
        bytes.remove_prefix(piece.size());
        inflater.Feed(AsBytes(piece));
        break;
      case Inflater::Step::kEnd:
      case Inflater::Step::kFault:
        result.fault = inflater.fault();
        result.name = inflater.gzip_name();
        EXPECT_EQ(inflater.total_out(), result.output.size());
        return result;
    }
  }
}

TEST(Inflater, ReadsWhatPythonWrote) {
  EXPECT_EQ(Inflate(kGzip, FromHex(kPythonGzip)), (Inflated{Losses(), ArchiveFault::kNone, "loss.txt"}));
  EXPECT_EQ(Inflate(kZlib, FromHex(kPythonZlib)), (Inflated{Losses()}));
  EXPECT_EQ(Inflate(kRaw, FromHex(kPythonDeflate)), (Inflated{Losses()}));
}

TEST(Inflater, ReadsTheFixtures) {
  const std::string good = DamagedRun("good");
  ASSERT_FALSE(good.empty());
  EXPECT_EQ(Inflate(kGzip, DamagedRun("gzip")), (Inflated{good}));
  EXPECT_EQ(Inflate(kGzip, DamagedRun("gzip_name", ".gz")), (Inflated{good}));
  EXPECT_EQ(Inflate(kZlib, DamagedRun("zlib")), (Inflated{good}));
  const Inflated cut = Inflate(kGzip, DamagedRun("gzip_cut"));
  EXPECT_EQ(cut.fault, ArchiveFault::kCutOff);
  EXPECT_GT(cut.output.size(), 100u);
  EXPECT_TRUE(good.starts_with(cut.output));
}

TEST(Inflater, DeliversWhatIsGoodOfEveryTruncation) {
  for (const auto& [format, hex] :
       {std::pair{kGzip, kPythonGzip}, {kZlib, kPythonZlib}, {kRaw, kPythonDeflate}}) {
    const std::string bytes = FromHex(hex);
    size_t before = 0;
    for (size_t length = 0; length < bytes.size(); ++length) {
      const Inflated cut = Inflate(format, bytes.substr(0, length));
      EXPECT_EQ(cut.fault, ArchiveFault::kCutOff) << length;
      EXPECT_TRUE(Losses().starts_with(cut.output)) << length;
      EXPECT_GE(cut.output.size(), before) << length;
      before = cut.output.size();
      EXPECT_EQ(Inflate(format, bytes.substr(0, length), Pieces(1)), cut) << length;
    }
    EXPECT_EQ(before, Losses().size());
  }
}

TEST(Inflater, GivesTheSameForAnyDamageHoweverCut) {
  const std::string bytes = FromHex(kPythonGzip);
  for (size_t bit = 0; bit < 8 * bytes.size(); bit += 3) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const Inflated whole = Inflate(kGzip, damaged);
    EXPECT_EQ(Inflate(kGzip, damaged, Pieces(1)), whole) << bit;
    EXPECT_EQ(Inflate(kGzip, damaged, RandomPieces(static_cast<unsigned>(bit), 50)), whole) << bit;
    // The CRC sees all but the header.
    EXPECT_TRUE(whole.fault != ArchiveFault::kNone || whole.output == Losses()) << bit;
  }
}

TEST(Inflater, ChecksGzipTrailersAfterDelivering) {
  std::string bytes = FromHex(kPythonGzip);
  bytes[bytes.size() - 8] ^= 1;
  EXPECT_EQ(Inflate(kGzip, bytes), (Inflated{Losses(), ArchiveFault::kChecksum, "loss.txt"}));
  bytes = FromHex(kPythonGzip);
  bytes[bytes.size() - 4] ^= 1;
  EXPECT_EQ(Inflate(kGzip, bytes), (Inflated{Losses(), ArchiveFault::kSize, "loss.txt"}));
  bytes = FromHex(kPythonZlib);
  bytes.back() ^= 1;
  EXPECT_EQ(Inflate(kZlib, bytes), (Inflated{Losses(), ArchiveFault::kChecksum}));
}

TEST(Inflater, ReadsGzipHeaders) {
  // RFC 1952 2.3: FHCRC, FEXTRA, FNAME, FCOMMENT.
  const std::string header = FromHex("1f8b081e*4 0003") + "\4\0abcdn\xF6\0why\0"s;
  const std::string rest = Gzip(DeflateStored("x"), "x").substr(10);
  const std::string crc = LittleEndian(Crc32(header) & 0xFFFF, 2);
  EXPECT_EQ(Inflate(kGzip, header + crc + rest), (Inflated{"x", ArchiveFault::kNone, "n\xEF\xBF\xBD"}));
  EXPECT_EQ(Inflate(kGzip, header + "??" + rest).fault, ArchiveFault::kChecksum);
  const std::string long_name = FromHex("1f8b0808*4 0003") + std::string(3000, 'n') + '\0' + rest;
  EXPECT_EQ(Inflate(kGzip, long_name, Pieces(7)),
            (Inflated{"x", ArchiveFault::kNone, std::string(1024, 'n')}));
  EXPECT_EQ(Inflate(kGzip, "\x1f\x8b\x07zzzzzzzzzzzz").fault, ArchiveFault::kDamaged);
  EXPECT_EQ(Inflate(kGzip, "no gzip at all").fault, ArchiveFault::kDamaged);
  EXPECT_EQ(Inflate(kGzip, "").fault, ArchiveFault::kCutOff);
}

TEST(Inflater, ReadsAllMembersAndIgnoresWhatFollows) {
  const std::string first = FromHex(kPythonGzip), second = Gzip(DeflateStored("second"), "second"),
                    empty = Gzip(DeflateStored(""), "");
  for (const size_t piece : {1, 3, 1000}) {
    const auto read = [piece](const std::string& bytes) { return Inflate(kGzip, bytes, Pieces(piece)); };
    const Inflated both{Losses() + "second", ArchiveFault::kNone, "loss.txt"};
    EXPECT_EQ(read(first + empty + second), both);
    EXPECT_EQ(read(first + second + std::string(600, '\0')), both);
    EXPECT_EQ(read(first + second + "garbage"), both);
    EXPECT_EQ(read(first + second + "\x1f").fault, ArchiveFault::kCutOff);
    EXPECT_EQ(read(first + second + first.substr(0, 100)).fault, ArchiveFault::kCutOff);
    std::string damaged = second;
    damaged[damaged.size() - 6] ^= 4;
    EXPECT_EQ(read(first + damaged), (Inflated{both.output, ArchiveFault::kChecksum, "loss.txt"}));
  }
}

TEST(Inflater, RefusesPresetDictionaries) {
  EXPECT_EQ(Inflate(kZlib, FromHex("78bb12345678")).fault, ArchiveFault::kMethod);
}

TEST(Inflater, GivesTheSameForAnyCut) {
  std::string data;
  std::mt19937 random(7);
  for (int i = 0; i < 300'000; ++i) data += static_cast<char>(random());
  const std::string bytes =
      Gzip(DeflateStored(data), data) + Gzip(DeflateZeros(4000), std::string(1'032'001, '\0'));
  const Inflated whole = Inflate(kGzip, bytes);
  EXPECT_EQ(whole, (Inflated{data + std::string(1'032'001, '\0')}));
  for (const size_t longest : {1, 100, 10'000, 200'000}) {
    EXPECT_EQ(Inflate(kGzip, bytes, RandomPieces(1, longest)), whole) << longest;
  }
}

TEST(Inflater, StopsAtTheLimitOfBytes) {
  const std::string bytes = DeflateZeros(10'000);
  const size_t size = 2'580'001;
  for (const size_t limit : {size_t{0}, size_t{1}, size_t{1000}, size - 1}) {
    const Inflated cut = Inflate(kRaw, bytes, RandomPieces(2, 3000), {.max_total_bytes = limit});
    EXPECT_EQ(cut, (Inflated{std::string(limit, '\0'), ArchiveFault::kTooManyBytes}));
    EXPECT_EQ(CodeOf(cut.fault), ErrorCode::kTooBig);
  }
  EXPECT_EQ(Inflate(kRaw, bytes, Whole(), {.max_total_bytes = size}), (Inflated{std::string(size, '\0')}));
}

TEST(Inflater, StopsABombByItsRatio) {
  const std::string bomb = DeflateZeros(1'000'000);  // 258 MB out of 1.6 MB: 159 to 1
  const InflateLimits limits{.max_ratio = 100, .ratio_from = 4 << 20};
  for (const size_t piece : {1000, 100'000, 10'000'000}) {
    const Inflated cut = Inflate(kRaw, bomb, Pieces(piece), limits);
    EXPECT_EQ(cut.fault, ArchiveFault::kRatio);
    EXPECT_GT(cut.output.size(), limits.ratio_from);
    EXPECT_LE(cut.output.size(), limits.ratio_from + Inflater::kOutputBytes);
  }
  // What is small may be dense.
  EXPECT_EQ(Inflate(kRaw, DeflateZeros(10'000), Whole(), limits).fault, ArchiveFault::kNone);
  // Many members are no way around it.
  std::string members;
  for (int i = 0; i < 10; ++i) members += Gzip(DeflateZeros(4000), std::string(1'032'001, '\0'));
  EXPECT_EQ(Inflate(kGzip, members, Whole(), limits).fault, ArchiveFault::kRatio);
}

TEST(Inflater, Moves) {
  const std::string bytes = FromHex(kPythonZlib);
  Inflater first(kZlib);
  first.Feed(AsBytes(bytes).first(100));
  ASSERT_EQ(first.Next(), Inflater::Step::kOutput);
  std::string output(AsText(first.output()));
  Inflater second = std::move(first);
  ASSERT_EQ(second.Next(), Inflater::Step::kNeedMore);
  second.Feed(AsBytes(bytes).subspan(100));
  while (second.Next() == Inflater::Step::kOutput) output += AsText(second.output());
  EXPECT_EQ(output, Losses());
}

}  // namespace
}  // namespace tensorpane
