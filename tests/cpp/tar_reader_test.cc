#include "archive/tar_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "archive/inflater.h"
#include "archive_bytes.h"

namespace tensorpane {
namespace {

using namespace std::literals;
using namespace testing;

struct File {
  TarEntry entry;
  std::string data;
  bool ended = false;
};

struct Found {
  std::vector<File> files;
  ArchiveFault fault = ArchiveFault::kNone;
  uint64_t fault_offset = 0;
};

Found Read(std::string_view tar, const NextCut& next_cut = Whole(), uint64_t max_entries = 100) {
  TarReader reader(max_entries);
  Found found;
  std::string piece;
  for (;;) {
    switch (reader.Next()) {
      case TarReader::Step::kEntry:
        found.files.push_back({reader.entry(), "", false});
        break;
      case TarReader::Step::kData:
        EXPECT_FALSE(reader.data().empty());
        found.files.back().data += AsText(reader.data());
        break;
      case TarReader::Step::kEntryEnd:
        found.files.back().ended = true;
        break;
      case TarReader::Step::kNeedMore:
        if (tar.empty()) {
          reader.End();
          break;
        }
        piece = tar.substr(0, next_cut());
        tar.remove_prefix(piece.size());
        reader.Feed(AsBytes(piece));
        break;
      case TarReader::Step::kEnd:
        return found;
      case TarReader::Step::kFault:
        found.fault = reader.fault();
        found.fault_offset = reader.fault_offset();
        return found;
    }
  }
}

std::string Describe(const Found& found) {
  std::string text;
  for (const auto& [entry, data, ended] : found.files) {
    text += entry.name + (entry.is_directory ? "/ " : " ") + std::to_string(entry.size) + ' ' +
            (data.size() > 10 ? std::to_string(data.size()) + " bytes" : data) + ' ' + Name(entry.fault) +
            (ended ? "\n" : " …\n");
  }
  text += Name(found.fault);
  return found.fault == ArchiveFault::kNone ? text : text + " at " + std::to_string(found.fault_offset);
}

std::string Describe(std::string_view tar, const NextCut& next_cut = Whole()) {
  return Describe(Read(tar, next_cut));
}

std::string Octal(uint64_t value, size_t digits) {
  std::string text(digits, '0');
  for (size_t i = digits; i-- > 0; value >>= 3) text[i] = static_cast<char>('0' + (value & 7));
  return text;
}

std::string Summed(std::string header) {
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<uint8_t>(c);
  return header.replace(148, 8, Octal(sum, 6) + "\0 "s);
}

/// A ustar header.
std::string Header(const std::string& name, uint64_t size, char type = '0') {
  std::string header(kTarBlock, '\0');
  header.replace(0, name.size(), name);
  header.replace(124, 12, Octal(size, 11) + '\0');
  header[156] = type;
  header.replace(257, 8, "ustar\00000"s);
  return Summed(header);
}

std::string Padded(std::string data) {
  data.resize((data.size() + kTarBlock - 1) / kTarBlock * kTarBlock);
  return data;
}

std::string Entry(const std::string& name, const std::string& data, char type = '0') {
  return Header(name, data.size(), type) + Padded(data);
}

const std::string kEnd(2 * kTarBlock, '\0');

std::string Pax(const std::string& records) { return Entry("PaxHeaders/x", records, 'x'); }

TEST(TarReader, ReadsWhatPythonWrote) {
  const std::string losses = std::to_string(Losses().size());
  const std::string rest = "runs/link 0  not_a_file\nruns/empty 0  none\nruns/b 4 last none\nnone";
  const std::string start = "runs/ 0  none\nruns/a/loss.txt " + losses + ' ' + losses + " bytes none\n";
  std::string long_name = "runs/";
  for (int i = 0; i < 30; ++i) long_name += "long";
  const std::string x = " 512 512 bytes none\n";
  EXPECT_EQ(Describe(FromHex(kPythonUstar)),
            start + std::string(90, 'p') + "/" + std::string(60, 'n') + x + rest);
  EXPECT_EQ(Describe(FromHex(kPythonGnuTar)), start + long_name + "/größe.txt" + x + rest);
  EXPECT_EQ(Describe(FromHex(kPythonPax)), start + long_name + "/größe.txt" + x + rest);
  for (const char* hex : {kPythonUstar, kPythonGnuTar, kPythonPax}) {
    const std::string tar = FromHex(hex);
    for (const auto& [entry, data, ended] : Read(tar).files) {
      EXPECT_TRUE(ended);
      if (entry.fault != ArchiveFault::kNone) continue;
      EXPECT_EQ(tar.substr(entry.offset, entry.size), data);
    }
    EXPECT_EQ(Read(tar).files[1].data, Losses());
  }
}

TEST(TarReader, GivesTheSameForAnyCut) {
  for (const char* hex : {kPythonUstar, kPythonGnuTar, kPythonPax}) {
    const std::string tar = FromHex(hex), whole = Describe(tar);
    EXPECT_EQ(Describe(tar, Pieces(1)), whole);
    EXPECT_EQ(Describe(tar, Pieces(511)), whole);
    for (unsigned seed = 0; seed < 20; ++seed) EXPECT_EQ(Describe(tar, RandomPieces(seed, 2000)), whole);
  }
}

TEST(TarReader, TellsEveryTruncation) {
  for (const std::string& tar : {FromHex(kPythonGnuTar), FromHex(kPythonPax)}) {
    const Found whole = Read(tar);
    const File& last = whole.files.back();
    const size_t end = last.entry.offset + kTarBlock;  // two blocks of zeros and more follow
    for (size_t length = 0; length < tar.size(); length += length < end + 2 * kTarBlock ? 1 : 512) {
      const Found cut = Read(tar.substr(0, length));
      // One block of zeros is enough if nothing follows; two are if anything does.
      const bool all = length == end + kTarBlock || length >= end + 2 * kTarBlock;
      EXPECT_EQ(cut.fault, all ? ArchiveFault::kNone : ArchiveFault::kCutOff) << length;
      ASSERT_LE(cut.files.size(), whole.files.size());
      for (size_t i = 0; i < cut.files.size(); ++i) {
        EXPECT_EQ(cut.files[i].entry.name, whole.files[i].entry.name);
        EXPECT_TRUE(whole.files[i].data.starts_with(cut.files[i].data));
        EXPECT_TRUE(cut.files[i].data == whole.files[i].data ||
                    (!cut.files[i].ended && i + 1 == cut.files.size()));
      }
    }
  }
}

TEST(TarReader, JumpsFromHeaderToHeader) {
  const std::string tar =
      Entry("a", std::string(100'000, 'a')) + Entry("d/", "", '5') + Pax("15 size=70000\n\n") + kEnd;
  for (const std::string& file : {tar, FromHex(kPythonUstar), FromHex(kPythonGnuTar), FromHex(kPythonPax)}) {
    TarReader reader;
    std::vector<std::string> names;
    size_t at = 0, fed = 0;
    std::string piece;
    for (TarReader::Step step;
         (step = reader.Next()) != TarReader::Step::kEnd && step != TarReader::Step::kFault;) {
      if (step == TarReader::Step::kEntry) {
        names.push_back(reader.entry().name);
        at = reader.Jump();
      } else {
        ASSERT_EQ(step, TarReader::Step::kNeedMore);
        piece = at < file.size() ? file.substr(at, 512) : "";
        piece.empty() ? reader.End() : reader.Feed(AsBytes(piece));
        at += piece.size();
        fed += piece.size();
      }
    }
    std::vector<std::string> expected;
    const Found found = Read(file);
    for (const auto& read : found.files) expected.push_back(read.entry.name);
    EXPECT_EQ(names, expected);
    EXPECT_EQ(reader.fault(), found.fault);
    EXPECT_LE(fed, 10'000u);
  }
}

TEST(TarReader, ChecksChecksums) {
  const std::string good = Entry("good", "data");
  std::string bad = Entry("bad", "data");
  bad[0] = 'B';
  EXPECT_EQ(Describe(good + bad + kEnd), "good 4 data none\nchecksum at 1024");
  EXPECT_EQ(Describe(std::string(600, 'x')), "checksum at 0");
  // Every bit of a header counts.
  for (size_t bit = 0; bit < 8 * kTarBlock; ++bit) {
    std::string damaged = good + good + kEnd;
    damaged[kTarBlock * 2 + bit / 8] = static_cast<char>(damaged[kTarBlock * 2 + bit / 8] ^ 1 << bit % 8);
    const Found found = Read(damaged);
    EXPECT_EQ(found.files[0].data, "data");
    // But in the field itself a blank may turn into another.
    const bool in_field = bit / 8 >= 148 && bit / 8 < 156;
    EXPECT_TRUE(in_field || found.fault == ArchiveFault::kChecksum) << bit;
  }
  // Old tars summed signed characters.
  std::string old = Header("gr\xF6\xDF", 0);
  int sum = 0;
  for (size_t i = 0; i < kTarBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<signed char>(old[i]);
  old.replace(148, 8, Octal(static_cast<uint64_t>(sum), 6) + "\0 "s);
  EXPECT_EQ(Describe(old + kEnd), "gr\xEF\xBF\xBD\xEF\xBF\xBD 0  none\nnone");
}

TEST(TarReader, ReadsV7) {
  std::string header = Header("old", 4, '\0');
  header.replace(257, 8, std::string(8, '\0'));
  header.replace(345, 6, "prefix");
  header.replace(124, 12, "         4 \0"s);
  std::string directory = header;
  directory.replace(0, 4, "dir/");
  EXPECT_EQ(Describe(Summed(header) + Padded("data") + Summed(directory) + Padded("data") + kEnd),
            "old 4 data none\ndir/ 4  none\nnone");
  EXPECT_TRUE(IsTarHeader(AsBytes(Summed(header))));
  EXPECT_FALSE(IsTarHeader(AsBytes(header)));
  EXPECT_FALSE(IsTarHeader(AsBytes(std::string(kTarBlock, '\0'))));
  EXPECT_FALSE(IsTarHeader(AsBytes(Summed(header).substr(0, 511))));
}

TEST(TarReader, ReadsSizes) {
  const auto with_size = [](const std::string& field) {
    std::string header = Header("a", 0);
    header.replace(124, 12, field);
    return Describe(Summed(header) + Padded("data") + kEnd);
  };
  EXPECT_EQ(with_size("\x80"s + std::string(10, '\0') + '\4'), "a 4 data none\nnone");
  EXPECT_EQ(with_size("       4    "), "a 4 data none\nnone");
  EXPECT_EQ(with_size("000000000004"), "a 4 data none\nnone");
  EXPECT_EQ(with_size("0000000000x4"), "damaged at 0");
  EXPECT_EQ(with_size("777777777777"), "a 68719476735 1536 bytes none …\ncut_off at 0");
  EXPECT_EQ(with_size("\x80\0\0\0\0\0\0\1\0\0\0\0"s), "a 4294967296 1536 bytes none …\ncut_off at 0");
  EXPECT_EQ(with_size("\x80\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s), "damaged at 0");
  EXPECT_EQ(with_size(std::string(12, '\xFF')), "damaged at 0");
  EXPECT_EQ(with_size("\xBF" + std::string(11, '\xFF')), "damaged at 0");
}

TEST(TarReader, ReadsPax) {
  const std::string file = Entry("a", "data");
  EXPECT_EQ(Describe(Pax("20 mtime=1234.56789\n14 path=long/b\n") + file + file + kEnd),
            "damaged at 0");  // the second is 15 long
  EXPECT_EQ(Describe(Pax("20 mtime=1234.56789\n15 path=long/b\n") + file + file + kEnd),
            "long/b 4 data none\na 4 data none\nnone");
  EXPECT_EQ(Describe(Pax("10 size=4\n11 path=b\n") + Header("a", 0) + Padded("data") + kEnd), "damaged at 0");
  EXPECT_EQ(Describe(Pax("10 size=4\n10 path=b\n") + Header("a", 0) + Padded("data") + kEnd),
            "b 4 data none\nnone");
  EXPECT_EQ(Describe(Pax("10 path=b\n8 path=\n") + file + kEnd), "a 4 data none\nnone");
  EXPECT_EQ(Describe(Pax("") + file + kEnd), "a 4 data none\nnone");
  EXPECT_EQ(Describe(Entry("g", "10 path=b\n", 'g') + file + kEnd), "a 4 data none\nnone");
  for (const char* bad : {"x", "5", "0 \n", "1 \n", "3 \n", "4 a\n", "99999999999999999999 path=b\n",
                          "99 path=b\n", "10 path=b_", "10_path=b\n", "-1 path=b\n", "12 size=4x\n\n",
                          "26 size=9999999999999999\n\n\n", "11 size=-1\n"}) {
    EXPECT_EQ(Describe(Pax(bad) + file + kEnd), "damaged at 0") << bad;
  }
}

TEST(TarReader, ReadsLongNames) {
  const std::string name = "d/" + std::string(1000, 'n');
  const std::string tar = Entry("././@LongLink", name + '\0', 'L') +
                          Entry("././@LongLink", name + '\0', 'K') + Entry("cut off name", "data") +
                          Entry("b", "data") + kEnd;
  EXPECT_EQ(Describe(tar), name + " 4 data none\nb 4 data none\nnone");
  EXPECT_EQ(Describe(tar, Pieces(1)), Describe(tar));
  // What no name needs is not collected.
  EXPECT_EQ(Describe(Header("././@LongLink", 2 << 20, 'L') + kEnd), "too_many_bytes at 0");
  EXPECT_EQ(Describe(Header("x", 2 << 20, 'x') + kEnd), "too_many_bytes at 0");
  EXPECT_EQ(Describe(Header("././@LongLink", 1 << 20, 'L') + kEnd), "cut_off at 0");
}

TEST(TarReader, NamesAndSkipsWhatItCannotRead) {
  const std::string file = Entry("a", "data");
  EXPECT_EQ(
      Describe(Entry("link", "", '2') + Entry("device", "", '3') + Entry("?", "data", 'Q') + file + kEnd),
      "link 0  not_a_file\ndevice 0  not_a_file\n? 4  not_a_file\na 4 data none\nnone");
  EXPECT_EQ(Describe(Header("hard", 4, '1') + file + kEnd), "hard 0  not_a_file\na 4 data none\nnone");
  EXPECT_EQ(Describe(Entry("part", "data", 'M') + file + kEnd), "part 4  split\na 4 data none\nnone");
  // GNU tar's sparse files: old, with a map that goes on in two more blocks; of pax 0.0 and 1.0.
  std::string header = Header("holes", 4, 'S');
  header[482] = 1;
  std::string map(kTarBlock, 'm');
  std::string last = map;
  last[504] = '\0';
  const std::string sparse = Summed(header) + map + last + Padded("data");
  EXPECT_EQ(Describe(sparse + file + kEnd), "holes 4  sparse\na 4 data none\nnone");
  EXPECT_EQ(Describe(sparse + file + kEnd, Pieces(100)), "holes 4  sparse\na 4 data none\nnone");
  EXPECT_EQ(Read(sparse + file + kEnd).files[0].entry.offset, 3 * kTarBlock);
  EXPECT_EQ(Describe(Entry("holes", "data", 'S') + file + kEnd), "holes 4  sparse\na 4 data none\nnone");
  EXPECT_EQ(Describe(Pax("22 GNU.sparse.major=1\n25 GNU.sparse.name=holes\n20 path=GNUSparse.1\n") + file +
                     file + kEnd),
            "holes 4  sparse\na 4 data none\nnone");
}

TEST(TarReader, MakesNamesOfNames) {
  EXPECT_EQ(Describe(Entry("./", "", '5') + Entry("./a//b", "x") + Entry("/etc/x", "x") + Entry("a\\b", "x") +
                     kEnd),
            ".// 0  none\na/b 1 x none\netc/x 1 x none\na\\b 1 x none\nnone");
  EXPECT_EQ(Describe(Entry("../a", "x") + Entry("a/..\\b", "x") + Entry("c:/x", "x") + Entry("", "x") + kEnd),
            "../a 1  name\na/..\\b 1  name\nc:/x 1  name\n 1  name\nnone");
}

TEST(TarReader, EndsAtZeros) {
  const std::string file = Entry("a", "data"), zeros(kTarBlock, '\0');
  EXPECT_EQ(Describe(file + kEnd + "garbage"), "a 4 data none\nnone");
  EXPECT_EQ(Describe(file + kEnd + file), "a 4 data none\nnone");
  EXPECT_EQ(Describe(file + zeros + file + kEnd), "a 4 data none\na 4 data none\nnone");
  EXPECT_EQ(Describe(file + zeros), "a 4 data none\nnone");
  EXPECT_EQ(Describe(file), "a 4 data none\ncut_off at 1024");
  EXPECT_EQ(Describe(kEnd), "none");
  EXPECT_EQ(Describe(""), "cut_off at 0");
}

TEST(TarReader, StopsAtItsLimitOfEntries) {
  std::string tar;
  for (int i = 0; i < 10; ++i) tar += Header(std::to_string(i), 0);
  EXPECT_EQ(Read(tar + kEnd, Whole(), 10).fault, ArchiveFault::kNone);
  const Found found = Read(tar + kEnd, Whole(), 9);
  EXPECT_EQ(found.fault, ArchiveFault::kTooManyEntries);
  EXPECT_EQ(found.files.size(), 9u);
}

TEST(TarReader, DoesNotFollowNestedArchives) {
  const std::string inner = Entry("a", "data") + kEnd;
  EXPECT_EQ(Describe(Entry("inner.tar", inner) + kEnd), "inner.tar 2048 2048 bytes none\nnone");
}

TEST(TarReader, SurvivesAnyBytes) {
  std::mt19937 random(5);
  const std::string tar = Entry("@", std::string(600, 'n'), 'L') + Entry("a", "data") +
                          Pax("10 size=4\n10 path=b\n") + Entry("b", "data") + Entry("S", "data", 'S') + kEnd;
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = tar;
    for (auto changes = random() % 5 + 1; changes > 0; --changes) {
      damaged[random() % 40 + random() % (damaged.size() / 512) * 512 + (random() % 2 ? 120 : 0)] =
          static_cast<char>(random());
    }
    // With right checksums, so that what is behind them is reached.
    for (size_t at = 0; at < damaged.size(); at += kTarBlock) {
      if (damaged.compare(at + 257, 5, "ustar") == 0)
        damaged.replace(at, kTarBlock, Summed(damaged.substr(at, kTarBlock)));
    }
    EXPECT_EQ(Describe(damaged, RandomPieces(static_cast<unsigned>(i), 900)), Describe(damaged));
  }
}

TEST(TarReader, ReadsWhatAnInflaterGives) {
  const std::string tar = FromHex(kPythonPax), bytes = Gzip(DeflateStored(tar), tar);
  Inflater inflater(DeflateFormat::kGzip);
  TarReader reader;
  inflater.Feed(AsBytes(bytes));
  std::string data;
  for (;;) {
    const TarReader::Step step = reader.Next();
    if (step == TarReader::Step::kEnd || step == TarReader::Step::kFault) break;
    if (step == TarReader::Step::kData) data += AsText(reader.data());
    if (step != TarReader::Step::kNeedMore) continue;
    ASSERT_EQ(inflater.Next(), Inflater::Step::kOutput);
    reader.Feed(inflater.output());
  }
  EXPECT_EQ(reader.fault(), ArchiveFault::kNone);
  EXPECT_EQ(data, Losses() + std::string(512, 'x') + "last");
}

}  // namespace
}  // namespace tensorpane
