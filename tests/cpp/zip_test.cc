#include <gtest/gtest.h>

#include <map>
#include <ostream>

#include "archive/looks_like.h"
#include "archive/zip_directory.h"
#include "archive/zip_entry_reader.h"
#include "archive_bytes.h"

namespace tensorpane {
namespace {

using namespace std::literals;
using namespace testing;

/// Gives at most `next_cut()` bytes of `range` of `file`, copied, so that a view kept too long is seen.
Bytes ReadRange(const std::string& file, ByteRange range, const NextCut& next_cut, std::string* piece) {
  EXPECT_GT(range.length, 0u);
  EXPECT_LE(range.length, kMaxWanted);
  const size_t offset = std::min<size_t>(range.offset, file.size());
  *piece = file.substr(offset, std::min<size_t>(range.length, next_cut()));
  return AsBytes(*piece);
}

struct Listed {
  std::vector<ZipEntry> entries;
  ArchiveFault fault = ArchiveFault::kNone;
  uint64_t bytes_read = 0;
};

Listed List(const std::string& file, const NextCut& next_cut = Whole(), const ZipLimits& limits = {},
            uint64_t size_said = UINT64_MAX) {
  ZipDirectory directory(size_said == UINT64_MAX ? file.size() : size_said, limits);
  Listed listed;
  std::string piece;
  while (directory.Next() == ZipDirectory::Step::kNeed) {
    const Bytes bytes = ReadRange(file, directory.need(), next_cut, &piece);
    listed.bytes_read += bytes.size();
    directory.Provide(bytes);
  }
  listed.entries = directory.entries();
  listed.fault = directory.fault();
  return listed;
}

struct Data {
  std::string output;
  ArchiveFault fault = ArchiveFault::kNone;
  bool operator==(const Data&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Data& data) {
  return out << data.output.size() << " bytes, " << Name(data.fault);
}

Data Read(const std::string& file, const ZipEntry& entry, const NextCut& next_cut = Whole(),
          const InflateLimits& limits = {}) {
  ZipEntryReader reader(entry, limits);
  Data data;
  std::string piece;
  for (;;) {
    switch (reader.Next()) {
      case ZipEntryReader::Step::kNeed:
        reader.Provide(ReadRange(file, reader.need(), next_cut, &piece));
        break;
      case ZipEntryReader::Step::kOutput:
        data.output += AsText(reader.output());
        break;
      case ZipEntryReader::Step::kEnd:
      case ZipEntryReader::Step::kFault:
        data.fault = reader.fault();
        EXPECT_EQ(reader.total_out(), data.output.size());
        return data;
    }
  }
}

/// All that can be seen of an archive, as text.
std::string Describe(const std::string& file, const NextCut& next_cut = Whole()) {
  const Listed listed = List(file, next_cut);
  std::string text;
  for (const ZipEntry& entry : listed.entries) {
    const Data data = Read(file, entry, next_cut);
    text += entry.name + (entry.is_directory ? "/ " : " ") + data.output + ' ' + Name(data.fault) + '\n';
  }
  return text + Name(listed.fault);
}

/// Writes zips, with any lie.
struct ZipBuilder {
  struct Options {
    uint16_t method = ZipEntry::kStored;
    uint16_t flags = 0;
    uint8_t made_on = 3;
    uint32_t attributes = 0;
    bool zip64 = false;
    std::optional<uint64_t> size{};
    std::optional<uint64_t> compressed_size{};
    std::optional<uint64_t> offset{};
    std::optional<uint32_t> crc{};
    std::string local_extra{};
    std::string extra{};
  };

  void Add(std::string_view name, std::string_view data) { Add(name, data, {}); }
  /// `data` is written as it is; size and CRC are of it unless told.
  void Add(std::string_view name, std::string_view data, const Options& options) {
    const uint64_t offset = options.offset.value_or(file.size());
    const uint64_t size = options.size.value_or(data.size());
    const uint64_t compressed = options.compressed_size.value_or(data.size());
    const std::string crc = LittleEndian(options.crc.value_or(Crc32(data)), 4);
    const std::string how = LittleEndian(45, 2) + LittleEndian(options.flags, 2) +
                            LittleEndian(options.method, 2) + FromHex("*4 ") + crc;
    file += "PK\3\4" + how + LittleEndian(compressed, 4) + LittleEndian(size, 4) +
            LittleEndian(name.size(), 2) + LittleEndian(options.local_extra.size(), 2);
    file += name;
    file += options.local_extra;
    file += data;
    std::string extra = options.extra;
    if (options.zip64) {
      extra += LittleEndian(1, 2) + LittleEndian(24, 2) + LittleEndian(size, 8) +
               LittleEndian(compressed, 8) + LittleEndian(offset, 8);
    }
    const auto field = [&options](uint64_t value) {
      return LittleEndian(options.zip64 ? 0xFFFFFFFF : value, 4);
    };
    directory += "PK\1\2\x2d"s + static_cast<char>(options.made_on) + how + field(compressed) + field(size) +
                 LittleEndian(name.size(), 2) + LittleEndian(extra.size(), 2) + FromHex("*6 ") +
                 LittleEndian(options.attributes, 4) + field(offset);
    directory += name;
    directory += extra;
    ++entries;
  }

  std::string Finish(const std::string& comment = "") const {
    return file + directory + "PK\5\6" + FromHex("*4 ") + LittleEndian(entries, 2) +
           LittleEndian(entries, 2) + LittleEndian(directory.size(), 4) + LittleEndian(file.size(), 4) +
           LittleEndian(comment.size(), 2) + comment;
  }

  /// `extension` stands in the Zip64 record.
  std::string Finish64(const std::string& extension = "", uint32_t disks = 1) const {
    const std::string end64 = "PK\6\6" + LittleEndian(44 + extension.size(), 8) + FromHex("2d002d00*8 ") +
                              LittleEndian(entries, 8) + LittleEndian(entries, 8) +
                              LittleEndian(directory.size(), 8) + LittleEndian(file.size(), 8) + extension;
    const std::string locator =
        "PK\6\7" + FromHex("*4 ") + LittleEndian(file.size() + directory.size(), 8) + LittleEndian(disks, 4);
    return file + directory + end64 + locator + "PK\5\6" + FromHex("*4 ffffffffffffffffffffffff") +
           FromHex("0000");
  }

  std::string file, directory;
  size_t entries = 0;
};

std::string OneName(const std::string& name, ZipBuilder::Options options = {}) {
  ZipBuilder zip;
  zip.Add(name, "x", options);
  return Describe(zip.Finish());
}

TEST(Zip, ReadsWhatPythonWrote) {
  const std::string file = FromHex(kPythonZip);
  const Listed listed = List(file);
  ASSERT_EQ(listed.entries.size(), 5u);
  EXPECT_TRUE(listed.entries[0].is_directory);
  EXPECT_EQ(listed.entries[1].method, ZipEntry::kDeflate);
  EXPECT_EQ(listed.entries[1].size, Losses().size());
  EXPECT_EQ(listed.entries[1].crc32, Crc32(Losses()));
  EXPECT_LT(listed.entries[1].compressed_size, Losses().size());
  EXPECT_EQ(Describe(file), "runs/  none\nruns/a/loss.txt " + Losses() +
                                " none\nruns/größe.txt groß none\nempty  none\nx.bz2  method\nnone");
  EXPECT_EQ(Describe(FromHex(kPythonStreamedZip)), "a.txt one none\nb.txt " + Losses() + " none\nnone");
}

TEST(Zip, ReadsTheFixture) {
  const std::string file = DamagedRun("zip");
  const Listed listed = List(file);
  ASSERT_EQ(listed.entries.size(), 1u);
  EXPECT_EQ(listed.entries[0].name, "run/events.out.tfevents.1700000000.host");
  EXPECT_EQ(Read(file, listed.entries[0]), (Data{DamagedRun("good")}));
}

TEST(Zip, GivesTheSameForAnyCut) {
  for (const std::string& file : {FromHex(kPythonZip), FromHex(kPythonStreamedZip), DamagedRun("zip")}) {
    const std::string whole = Describe(file);
    EXPECT_EQ(Describe(file, Pieces(1)), whole);
    EXPECT_EQ(Describe(file, RandomPieces(3, 60)), whole);
  }
}

TEST(Zip, SaysThatEveryTruncationIsCutOff) {
  for (const std::string& file : {FromHex(kPythonZip), FromHex(kPythonStreamedZip)}) {
    for (size_t length = 0; length < file.size(); ++length) {
      const Listed listed = List(file.substr(0, length));
      EXPECT_EQ(listed.fault, ArchiveFault::kNoDirectory) << length;
      // A file that shrank since its size was asked.
      EXPECT_EQ(List(file.substr(0, length), Whole(), {}, file.size()).fault, ArchiveFault::kCutOff)
          << length;
    }
    const Listed listed = List(file);
    for (const ZipEntry& entry : listed.entries) {
      if (entry.fault != ArchiveFault::kNone) continue;
      for (size_t length = 0; length < entry.header_offset + 30 + entry.compressed_size; ++length) {
        const Data cut = Read(file.substr(0, length), entry);
        EXPECT_EQ(cut.fault, ArchiveFault::kCutOff) << entry.name << length;
        EXPECT_TRUE(Read(file, entry).output.starts_with(cut.output)) << entry.name << length;
      }
    }
  }
}

TEST(Zip, SurvivesAFlippedBitInEveryByte) {
  for (const std::string& file : {FromHex(kPythonZip), FromHex(kPythonStreamedZip)}) {
    for (size_t at = 0; at < file.size(); ++at) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << at % 8);
      EXPECT_EQ(Describe(damaged, RandomPieces(static_cast<unsigned>(at), 300)), Describe(damaged)) << at;
    }
  }
}

TEST(Zip, ReadsAnEmptyArchive) {
  EXPECT_EQ(Describe(ZipBuilder().Finish()), "none");
  EXPECT_EQ(Describe(ZipBuilder().Finish64()), "none");
  EXPECT_EQ(Describe(""), "no_directory");
  EXPECT_EQ(Describe(std::string(100'000, 'x')), "no_directory");
}

TEST(Zip, FindsTheEndBeforeAComment) {
  ZipBuilder zip;
  zip.Add("a", "data");
  const std::string expected = "a data none\nnone";
  EXPECT_EQ(Describe(zip.Finish(std::string(65535, 'c'))), expected);
  EXPECT_EQ(Describe(zip.Finish("PK\5\6 is how a zip ends, in a comment that is long enough")), expected);
  EXPECT_EQ(Describe(zip.Finish() + "trailing"), expected);
  EXPECT_EQ(Describe(zip.Finish() + std::string(70'000, 'x')), "no_directory");
  EXPECT_EQ(Describe(std::string(1000, 's') + zip.Finish()), expected);  // self-extracting
}

TEST(Zip, ReadsOnlyTheEndToList) {
  ZipBuilder zip;
  zip.Add("large", std::string(4'000'000, 'x'));
  for (int i = 0; i < 30'000; ++i) zip.Add("runs/of/a/longish/name/" + std::to_string(i), "1");
  const std::string file = zip.Finish();
  const Listed listed = List(file);
  EXPECT_EQ(listed.fault, ArchiveFault::kNone);
  EXPECT_EQ(listed.entries.size(), 30'001u);
  EXPECT_LT(listed.bytes_read, zip.directory.size() + 70'000);
  EXPECT_EQ(Read(file, listed.entries[30'000]), (Data{"1"}));
  EXPECT_EQ(List(file, RandomPieces(1, 100'000)).entries.size(), 30'001u);
  EXPECT_EQ(Read(file, listed.entries[0], RandomPieces(1, 100'000)), (Data{std::string(4'000'000, 'x')}));
}

TEST(Zip, ReadsZip64) {
  ZipBuilder zip;
  zip.Add("a", "data", {.zip64 = true, .extra = FromHex("55540100ff")});
  const std::string expected = "a data none\nnone";
  EXPECT_EQ(Describe(zip.Finish()), expected);
  EXPECT_EQ(Describe(zip.Finish64()), expected);
  EXPECT_EQ(Describe(zip.Finish64("an extension")), expected);
  EXPECT_EQ(Describe("before" + zip.Finish64()), expected);
  EXPECT_EQ(Describe(zip.Finish64("", 2)), "split");
  const std::string file = zip.Finish64();
  for (size_t length = 0; length < file.size(); ++length) {
    EXPECT_EQ(Describe(file.substr(0, length)), "no_directory") << length;
  }
  for (size_t at = 0; at < file.size(); ++at) {
    std::string damaged = file;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
    EXPECT_EQ(Describe(damaged, Pieces(3)), Describe(damaged)) << at;
  }
  // A size that should be in an extra field and is not.
  ZipBuilder missing;
  missing.Add("a", "data", {.size = 0xFFFFFFFF});
  EXPECT_EQ(Describe(missing.Finish()), "a  damaged\nnone");
  missing.Add("b", "data", {.compressed_size = 0xFFFFFFFF, .extra = FromHex("010004*4 ")});
  EXPECT_EQ(Describe(missing.Finish()), "a  damaged\nb  damaged\nnone");
}

TEST(Zip, ReadsSizesBeyond4GiB) {
  // 5 GiB of zeros that exist only as the answer to ranges.
  const uint64_t size = uint64_t{5} << 30;
  ZipBuilder zip;
  zip.Add("huge", "", {.zip64 = true, .size = size, .compressed_size = size});
  zip.Add("behind", "", {.zip64 = true, .size = 7, .compressed_size = 7, .offset = size + 34});
  const std::string end64 = zip.Finish64();
  std::string tail = end64.substr(zip.file.size());
  const uint64_t tail_offset = size + 100;
  tail.replace(zip.directory.size() + 48, 8, LittleEndian(tail_offset, 8));
  tail.replace(zip.directory.size() + 56 + 8, 8, LittleEndian(tail_offset + zip.directory.size(), 8));
  ZipDirectory directory(tail_offset + tail.size());
  while (directory.Next() == ZipDirectory::Step::kNeed) {
    const ByteRange range = directory.need();
    std::string bytes(range.length, '\0');
    for (uint64_t i = 0; i < range.length; ++i) {
      if (range.offset + i >= tail_offset) bytes[i] = tail[range.offset + i - tail_offset];
    }
    directory.Provide(AsBytes(bytes));
  }
  ASSERT_EQ(directory.fault(), ArchiveFault::kNone);
  ASSERT_EQ(directory.entries().size(), 2u);
  EXPECT_EQ(directory.entries()[0].size, size);
  EXPECT_EQ(directory.entries()[0].fault, ArchiveFault::kNone);
  EXPECT_EQ(directory.entries()[1].header_offset, size + 34);
  ZipEntryReader reader(directory.entries()[0]);
  ASSERT_EQ(reader.Next(), ZipEntryReader::Step::kNeed);
  reader.Provide(AsBytes(zip.file).first(30));
  ASSERT_EQ(reader.Next(), ZipEntryReader::Step::kNeed);
  EXPECT_EQ(reader.need().offset, 34u);
  EXPECT_EQ(reader.need().length, kMaxWanted);
  ASSERT_TRUE(reader.data());
  EXPECT_EQ(reader.data()->length, size);
}

TEST(Zip, MakesNamesOfNames) {
  EXPECT_EQ(OneName("./a//b/./c"), "a/b/c x none\nnone");
  EXPECT_EQ(OneName("/etc/passwd"), "etc/passwd x none\nnone");
  EXPECT_EQ(OneName("a..b/..c/d.."), "a..b/..c/d.. x none\nnone");
  for (const char* out : {"../a", "a/../../b", "..", "a/..", "..\\a", "a\\..\\b", "C:/a", "c:\\a"}) {
    EXPECT_EQ(OneName(out), out + "  name\nnone"s);
  }
  EXPECT_EQ(OneName("a\0b"s), "a\0b  name\nnone"s);
  std::string deep;
  for (int i = 0; i < 128; ++i) deep += "a/";
  EXPECT_EQ(OneName(deep + "b"), deep + "b  name\nnone");
  std::string windows_deep = deep;
  std::replace(windows_deep.begin(), windows_deep.end(), '/', '\\');
  EXPECT_EQ(OneName(windows_deep + "b", {.made_on = 10}), windows_deep + "b  name\nnone");
  EXPECT_EQ(OneName(windows_deep + "b/c", {.made_on = 3}), windows_deep + "b/c x none\nnone");
  EXPECT_EQ(OneName(std::string(4097, 'a')), std::string(4097, 'a') + "  name\nnone");
  EXPECT_EQ(OneName(std::string(4096, 'a')), std::string(4096, 'a') + " x none\nnone");
  EXPECT_EQ(OneName(""), "  name\nnone");
  EXPECT_EQ(OneName("."), ".  name\nnone");
  EXPECT_EQ(OneName("x:y"), "x:y x none\nnone");
  for (const uint8_t windows : {0, 10, 14})
    EXPECT_EQ(OneName("a\\b/c", {.made_on = windows}), "a/b/c x none\nnone");
  for (const uint8_t other : {1, 3, 7, 19})
    EXPECT_EQ(OneName("a\\b/c", {.made_on = other}), "a\\b/c x none\nnone");
  EXPECT_EQ(OneName("\\\\server\\share", {.made_on = 10}), "server/share x none\nnone");
  EXPECT_EQ(OneName("d:x", {.made_on = 0}), "d:x  name\nnone");
}

TEST(Zip, TakesBackslashesForSeparatorsWhereNothingElseIs) {
  ZipBuilder zip;
  zip.Add("logs\\", "");
  zip.Add("logs\\a\\x", "1");
  zip.Add("d:x", "2");
  zip.Add("d:\\x", "3");
  zip.Add("logs\\..\\y", "4");
  zip.Add("\\", "");
  EXPECT_EQ(Describe(zip.Finish()),
            "logs/  none\nlogs/a/x 1 none\nd:x 2 none\nd:\\x  name\nlogs\\..\\y  name\n//  none\nnone");
  // One slash tells that the backslashes are none.
  zip.Add("b/z", "5");
  EXPECT_EQ(Describe(zip.Finish()),
            "logs\\  none\nlogs\\a\\x 1 none\nd:x 2 none\nd:\\x  name\nlogs\\..\\y  name\n\\  none\nb/z 5 "
            "none\nnone");
}

TEST(Zip, ReadsTheCharactersOfNames) {
  EXPECT_EQ(OneName("größe"), "größe x none\nnone");  // UTF-8, said or not
  EXPECT_EQ(OneName("größe", {.flags = 1 << 11}), "größe x none\nnone");
  EXPECT_EQ(OneName("gr\x94\xE1"
                    "e \xDB\xFB"),
            "größe █√ x none\nnone");
  EXPECT_EQ(OneName("gr\x94", {.flags = 1 << 11}), "gr\xEF\xBF\xBD x none\nnone");
}

TEST(Zip, NamesWhatItCannotRead) {
  EXPECT_EQ(OneName("a", {.flags = 1}), "a  encrypted\nnone");
  EXPECT_EQ(OneName("a", {.method = 93}), "a  method\nnone");
  EXPECT_EQ(OneName("a", {.attributes = 0120777u << 16}), "a  not_a_file\nnone");
  EXPECT_EQ(OneName("a", {.made_on = 0, .attributes = 0120777u << 16}), "a x none\nnone");
  EXPECT_EQ(OneName("a", {.size = 2}), "a  size\nnone");
  EXPECT_EQ(OneName("a", {.crc = 1}), "a x checksum\nnone");
  ZipBuilder split;
  split.Add("a", "x");
  std::string file = split.Finish();
  file[file.size() - 18] = 1;
  EXPECT_EQ(Describe(file), "split");
  file = split.Finish();
  file[file.size() - 14] = file[file.size() - 12] = 2;
  EXPECT_EQ(Describe(file), "a x none\ndamaged");  // two are said
}

TEST(Zip, ChecksDeflatedDataAtItsEnd) {
  const auto describe = [](ZipBuilder::Options options) {
    options.method = ZipEntry::kDeflate;
    if (!options.crc) options.crc = Crc32("data");
    ZipBuilder zip;
    zip.Add("a", DeflateStored("data"), options);
    return Describe(zip.Finish());
  };
  EXPECT_EQ(describe({.size = 4}), "a data none\nnone");
  EXPECT_EQ(describe({.size = 4, .crc = 1}), "a data checksum\nnone");
  EXPECT_EQ(describe({.size = 5}), "a data size\nnone");
  EXPECT_EQ(describe({.size = 3}), "a dat size\nnone");
  EXPECT_EQ(describe({.size = 4, .compressed_size = 5}), "a  cut_off\nnone");
}

TEST(Zip, RefusesEntriesThatShareBytes) {
  // The kernel of an overlapping bomb: many entries of the same data.
  ZipBuilder same;
  same.Add("0", "data");
  for (int i = 1; i < 4; ++i) {
    same.Add(std::to_string(i), "data", {.offset = 0});
  }
  EXPECT_EQ(Describe(same.Finish()), "0  overlap\n1  overlap\n2  overlap\n3 data none\nnone");
  // Its quoted form: each entry holds the local header of the next.
  ZipBuilder quoted;
  quoted.Add("a", "", {.method = ZipEntry::kDeflate, .size = 100, .compressed_size = 36});
  quoted.Add("b", "data");
  EXPECT_EQ(Describe(quoted.Finish()), "a  overlap\nb data none\nnone");
  // A local extra field that reaches into the next entry is seen once the local header is read.
  ZipBuilder local;
  local.Add("a", "data");
  local.Add("b", "data");
  std::string file = local.Finish();
  file[28] = 1;
  EXPECT_EQ(Describe(file), "a  overlap\nb data none\nnone");
  // Into the directory, and beyond the file.
  ZipBuilder beyond;
  beyond.Add("a", "x", {.size = 2, .compressed_size = 2});
  beyond.Add("b", "x", {.offset = 1'000'000});
  beyond.Add("c", "x", {.zip64 = true, .size = UINT64_MAX, .compressed_size = UINT64_MAX});
  EXPECT_EQ(Describe(beyond.Finish()), "a xP checksum\nb  damaged\nc  overlap\nnone");
}

TEST(Zip, StopsAtItsLimits) {
  ZipBuilder zip;
  for (int i = 0; i < 20; ++i) zip.Add(std::to_string(i), "x");
  EXPECT_EQ(List(zip.Finish(), Whole(), {.max_entries = 20}).fault, ArchiveFault::kNone);
  const Listed listed = List(zip.Finish(), Whole(), {.max_entries = 19});
  EXPECT_EQ(listed.fault, ArchiveFault::kTooManyEntries);
  EXPECT_EQ(listed.entries.size(), 19u);
  EXPECT_EQ(Read(zip.Finish(), listed.entries[18]), (Data{"x"}));
  EXPECT_EQ(List(zip.Finish(), Whole(), {.max_directory_bytes = 100}).fault, ArchiveFault::kTooManyBytes);

  ZipBuilder bomb;
  bomb.Add("bomb", DeflateZeros(100'000),
           {.method = ZipEntry::kDeflate, .size = 25'800'001, .crc = Crc32(std::string(25'800'001, '\0'))});
  const std::string file = bomb.Finish();
  const ZipEntry entry = List(file).entries[0];
  EXPECT_EQ(Read(file, entry), (Data{std::string(25'800'001, '\0')}));
  EXPECT_EQ(Read(file, entry, Whole(), {.max_total_bytes = 1000}), (Data{"", ArchiveFault::kTooManyBytes}));
  const Data cut = Read(file, entry, Whole(), {.max_ratio = 100, .ratio_from = 1 << 20});
  EXPECT_EQ(cut.fault, ArchiveFault::kRatio);
  EXPECT_LT(cut.output.size(), 2u << 20);
  // One that lies about its size ends there.
  ZipBuilder liar;
  liar.Add("liar", DeflateZeros(100'000), {.method = ZipEntry::kDeflate, .size = 1000});
  EXPECT_EQ(Read(liar.Finish(), List(liar.Finish()).entries[0]),
            (Data{std::string(1000, '\0'), ArchiveFault::kSize}));
}

TEST(Zip, DoesNotFollowNestedArchives) {
  ZipBuilder inner, outer;
  inner.Add("a", "data");
  outer.Add("inner.zip", inner.Finish());
  // Its end records and local headers are data, however much they look like the archive's own.
  EXPECT_EQ(Describe(outer.Finish()), "inner.zip " + inner.Finish() + " none\nnone");
}

TEST(Zip, SurvivesAnyBytes) {
  std::mt19937 random(11);
  ZipBuilder zip;
  zip.Add("a", DeflateStored("data"),
          {.method = ZipEntry::kDeflate, .zip64 = true, .size = 4, .crc = Crc32("data")});
  zip.Add("b", "data", {.local_extra = "abcdefgh"});
  const std::string files[] = {zip.Finish("comment"), zip.Finish64("extension"), FromHex(kPythonZip)};
  for (int i = 0; i < 3000; ++i) {
    std::string file = files[i % 3];
    for (auto changes = random() % 6 + 1; changes > 0; --changes) {
      static constexpr int kNasty[] = {0, 1, 0x7F, 0x80, 0xFF};
      file[random() % file.size()] = static_cast<char>(kNasty[random() % 5]);
    }
    EXPECT_EQ(Describe(file, RandomPieces(static_cast<unsigned>(i), 40)), Describe(file));
  }
}

TEST(KindOf, JudgesByTheFirstBlock) {
  const auto kind = [](const std::string& bytes) { return KindOf(AsBytes(bytes)); };
  EXPECT_EQ(kind(FromHex(kPythonGzip)), ArchiveKind::kGzip);
  EXPECT_EQ(kind(FromHex(kPythonZlib)), ArchiveKind::kZlib);
  EXPECT_EQ(kind(FromHex(kPythonZip)), ArchiveKind::kZip);
  EXPECT_EQ(kind(ZipBuilder().Finish()), ArchiveKind::kZip);
  EXPECT_EQ(kind(FromHex(kPythonUstar)), ArchiveKind::kTar);
  EXPECT_EQ(kind(FromHex(kPythonGnuTar)), ArchiveKind::kTar);
  EXPECT_EQ(kind(FromHex(kPythonPax)), ArchiveKind::kTar);
  EXPECT_EQ(kind(DamagedRun("gzip")), ArchiveKind::kGzip);
  EXPECT_EQ(kind(DamagedRun("zlib")), ArchiveKind::kZlib);
  EXPECT_EQ(kind(DamagedRun("zip")), ArchiveKind::kZip);
  for (const char* run : {"good", "only_zeros", "html", "json", "cut_first_byte", "empty"}) {
    EXPECT_EQ(kind(DamagedRun(run)), ArchiveKind::kNone) << run;
  }
  EXPECT_EQ(kind("x^2 is a text"), ArchiveKind::kNone);
  EXPECT_EQ(kind(FromHex("789c*6 1234")), ArchiveKind::kNone);  // a record of 40,056 bytes
  EXPECT_EQ(kind(""), ArchiveKind::kNone);
}

}  // namespace
}  // namespace tensorpane
