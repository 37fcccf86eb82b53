#include "records/record_reader.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <random>

#include "event_bytes.h"

namespace tensorpane {
namespace {

using testing::Frame;
using testing::Header;

struct Found {
  std::vector<std::pair<uint64_t, uint64_t>> records;  // offset, length
  std::vector<std::tuple<DamageKind, uint64_t, uint64_t>> damage;
  std::vector<std::string> starts;                    // of damage
  std::vector<std::pair<uint32_t, uint32_t>> crcs{};  // stored and right, 0 where they are not told
  uint64_t resume = 0;
  uint64_t fed = 0;
  bool operator==(const Found& other) const {
    return records == other.records && damage == other.damage && starts == other.starts &&
           crcs == other.crcs && resume == other.resume;
  }
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
  for (const auto& [offset, length] : found.records) out << " record " << offset << '+' << length;
  for (const auto& [kind, offset, bytes] : found.damage)
    out << " damage " << int(kind) << ' ' << offset << '+' << bytes;
  return out << " resume " << found.resume;
}

Found Read(const std::string& file, bool size_known, const std::function<size_t()>& next_cut) {
  RecordReader reader(size_known ? file.size() : RecordReader::kUnknownSize);
  Found found;
  size_t at = 0;
  for (;;) {
    switch (reader.Next()) {
      case RecordReader::Step::kRecord:
        found.records.emplace_back(reader.record().offset, reader.record().length);
        break;
      case RecordReader::Step::kDamage:
        found.damage.emplace_back(reader.damage().kind, reader.damage().offset, reader.damage().bytes);
        found.starts.emplace_back(reader.damage().start.begin(), reader.damage().start.end());
        found.crcs.emplace_back(reader.damage().stored_crc, reader.damage().right_crc);
        break;
      case RecordReader::Step::kNeedMore: {
        const size_t length = std::min(next_cut(), file.size() - at);
        if (length == 0) {
          reader.End();
        } else {
          reader.Append(AsBytes(file).subspan(at, length));
        }
        at += length;
        found.fed += length;
        break;
      }
      case RecordReader::Step::kRewind:
        at = reader.rewind_offset();
        break;
      case RecordReader::Step::kEnd:
        found.resume = reader.resume_offset();
        return found;
    }
  }
}

Found ReadWhole(const std::string& file) {
  return Read(file, true, [&file] { return file.size(); });
}

/// The damage policy once more, over bytes that are all there and with no thought of speed: the judge of the
/// reader.
Found Reference(const std::string& file) {
  const uint8_t* const bytes = AsBytes(file).data();
  const auto header_right = [&](size_t at) {
    return at + 12 <= file.size() &&
           MaskCrc(Crc32c({bytes + at, 8})) == LoadLittleEndian<uint32_t>(bytes + at + 8);
  };
  const auto fits = [&](size_t at) {
    return at + 16 <= file.size() && LoadLittleEndian<uint64_t>(bytes + at) <= file.size() - at - 16;
  };
  const auto whole = [&](size_t at) {
    if (!header_right(at) || !fits(at)) return false;
    const auto length = LoadLittleEndian<uint64_t>(bytes + at);
    return MaskCrc(Crc32c({bytes + at + 12, length})) == LoadLittleEndian<uint32_t>(bytes + at + 12 + length);
  };
  Found found;
  size_t at = 0;
  while (at < file.size()) {
    if (whole(at)) {
      const auto length = LoadLittleEndian<uint64_t>(bytes + at);
      found.records.emplace_back(at, length);
      found.resume = at += length + 16;
      continue;
    }
    DamageKind kind = at + 12 > file.size() ? DamageKind::kTruncated
                      : !header_right(at)   ? DamageKind::kLengthCrc
                      : !fits(at)           ? DamageKind::kLength
                                            : DamageKind::kDataCrc;
    std::optional<size_t> next;
    if (kind == DamageKind::kDataCrc) {
      const size_t end = at + 16 + LoadLittleEndian<uint64_t>(bytes + at);
      if (end == file.size() || header_right(end)) next = end;
    }
    for (size_t p = at + 1; !next && p + 16 <= file.size(); ++p) {
      if (whole(p)) next = p;
    }
    if (!next) {
      next = file.size();
      if (kind == DamageKind::kLength) kind = DamageKind::kTruncated;
    }
    found.damage.emplace_back(kind, at, *next - at);
    found.starts.push_back(file.substr(at, std::min(*next - at, Damage::kStart)));
    const auto crcs = [&](size_t from, uint64_t length) {
      return std::pair(LoadLittleEndian<uint32_t>(bytes + from + length),
                       MaskCrc(Crc32c({bytes + from, length})));
    };
    found.crcs.push_back(kind == DamageKind::kDataCrc ? crcs(at + 12, LoadLittleEndian<uint64_t>(bytes + at))
                         : kind == DamageKind::kLengthCrc ? crcs(at, 8)
                                                          : std::pair(uint32_t{0}, uint32_t{0}));
    if (kind != DamageKind::kTruncated) found.resume = *next;
    at = *next;
  }
  return found;
}

TEST(RecordReader, EveryTruncationOfAGoodFileKeepsWhatIsWhole) {
  const std::string file = testing::ScalarFile(4);
  const Found whole = ReadWhole(file);
  ASSERT_EQ(whole.records.size(), 5u);
  for (size_t length = 0; length <= file.size(); ++length) {
    const std::string cut = file.substr(0, length);
    const Found found = ReadWhole(cut);
    EXPECT_EQ(found, Reference(cut)) << length;
    for (const auto& [kind, offset, bytes] : found.damage) {
      EXPECT_EQ(kind, DamageKind::kTruncated);
      EXPECT_EQ(offset + bytes, length);
      EXPECT_EQ(found.resume, offset);
    }
  }
}

TEST(RecordReader, AnyCutAndAnyDamageGivesWhatTheReferenceGives) {
  std::mt19937 random(7);
  const auto below = [&random](size_t n) { return static_cast<size_t>(random() % n); };
  const std::string good = testing::ScalarFile(12);
  for (int round = 0; round < 600; ++round) {
    std::string file = good;
    for (size_t hits = below(4); hits > 0; --hits) {
      const size_t at = below(file.size());
      switch (below(6)) {
        case 0:
          file[at] ^= static_cast<char>(1 << below(8));
          break;
        case 1:
          file.erase(at, below(90));
          break;
        case 2:
          file.insert(at, std::string(below(70), '\0'));
          break;
        case 3:
          file.replace(at, std::min<size_t>(12, file.size() - at),
                       Header(below(2) ? uint64_t{1} << below(64) : below(200)));
          break;
        case 4:
          file.insert(at, good.substr(below(good.size()), below(200)));
          break;
        default:
          file.resize(at);
          break;
      }
      if (file.empty()) break;
    }
    const Found want = Reference(file);
    for (const bool size_known : {true, false}) {
      EXPECT_EQ(Read(file, size_known, [&] { return 1 + below(file.size() + 1); }), want) << round;
      EXPECT_EQ(Read(file, size_known, [] { return size_t{1}; }), want) << round;
    }
    EXPECT_EQ(ReadWhole(file), want) << round;
  }
}

/// A payload over RecordReader::kMaxAssembled, so that it only passes through the CRC.
std::string LargePayload() {
  std::string payload(RecordReader::kMaxAssembled + 1000, 'x');
  for (size_t i = 0; i < payload.size(); i += 997) payload[i] = static_cast<char>(i);
  return payload;
}

TEST(RecordReader, LargeRecordsComeWithTheirStart) {
  const std::string payload = LargePayload();
  const std::string file = Frame("before") + Frame(payload) + Frame("behind");
  RecordReader reader(file.size());
  reader.Append(AsBytes(file));
  ASSERT_EQ(reader.Next(), RecordReader::Step::kRecord);
  ASSERT_EQ(reader.Next(), RecordReader::Step::kRecord);
  EXPECT_FALSE(reader.record().whole());
  EXPECT_EQ(reader.record().length, payload.size());
  EXPECT_EQ(reader.record().offset, Frame("before").size());
  EXPECT_EQ(AsText(reader.record().payload), payload.substr(0, RecordReader::kLargeStart));
  ASSERT_EQ(reader.Next(), RecordReader::Step::kRecord);
  EXPECT_EQ(AsText(reader.record().payload), "behind");
}

TEST(RecordReader, DamagedLargeRecords) {
  const std::string large = Frame(LargePayload());
  std::string bad_data = large;
  bad_data[bad_data.size() / 2] ^= 1;
  std::string bad_length = large;
  bad_length[9] ^= 1;
  const std::string inner = Frame("inner");
  std::string holds_record = large;
  holds_record.replace(holds_record.size() / 2, inner.size(), inner);
  for (const std::string& file :
       {bad_data + Frame("behind"), bad_data, bad_data + "tail", bad_length + Frame("behind"),
        // Found inside a damaged record, and a large record found by a search.
        holds_record + "tail" + Frame("behind"), "garbage" + large + Frame("behind"),
        large.substr(0, large.size() - 1),
        Frame("a") + large.substr(0, large.size() - 2000) + Frame("behind")}) {
    const Found want = Reference(file);
    EXPECT_EQ(ReadWhole(file), want);
    EXPECT_EQ(Read(file, true, [] { return size_t{1} << 20; }), want);
    EXPECT_EQ(Read(file, false, [] { return size_t{1} << 20; }), want);
  }
}

TEST(RecordReader, ManyFalseHeadersAreGivenUpOn) {
  // Each would be worth a look at the next 64 KiB; without a bound this takes minutes.
  std::string file = "x";
  while (file.size() < (4 << 20)) file += Header(65536);
  const Found found = ReadWhole(file + Frame("behind"));
  ASSERT_EQ(found.records.size(), 1u);
  EXPECT_EQ(found.records[0].first, file.size());
}

TEST(RecordReader, ASearchNeverTakesQuadraticTime) {
  // Headers of large records everywhere, none of them whole: each would be worth a look at the rest of the
  // file.
  std::string file = "x";
  while (file.size() < 3 * RecordReader::kMaxAssembled) {
    file += Header(RecordReader::kMaxAssembled + 4096 + file.size() % 64) + std::string(4096, 'y');
  }
  const Found found = Read(file, true, [] { return size_t{1} << 20; });
  EXPECT_TRUE(found.records.empty());
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_LE(found.fed, 6 * file.size());
}

}  // namespace
}  // namespace tensorpane
