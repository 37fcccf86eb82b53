#include "archive/archive_reader.h"

#include <gtest/gtest.h>

#include <set>

#include "archive_bytes.h"

namespace tensorpane {
namespace {

using namespace testing;

struct Read {
  std::string text;         // all that can be seen, an entry a line
  std::string last_data;    // of the entry that was opened last
  uint64_t bytes_read = 0;  // of the file
  uint64_t steps = 0;
  ArchiveFault fault = ArchiveFault::kNone;
  uint64_t limit = 0;
};

/// Reads everything whose name holds `wanted`, as the worker does: a zip is listed first.
Read ReadAll(const std::string& file, const NextCut& next_cut = Whole(), const ArchiveLimits& limits = {},
             const std::string& wanted = "") {
  using Step = ArchiveReader::Step;
  const ArchiveKind kind = KindOf(AsBytes(file));
  const auto reader = ArchiveReader::Make(kind, file.size(), limits);
  Read read;
  std::vector<size_t> later;
  size_t entries = 0, next = 0;
  bool told_all = false;
  for (;;) {
    ++read.steps;
    const Step step = reader->Next();
    switch (step) {
      case Step::kNeed: {
        EXPECT_LE(reader->need().length, kMaxWanted);
        EXPECT_GT(reader->need().length, 0u);
        const size_t offset = std::min<size_t>(reader->need().offset, file.size());
        // A copy, so that a view kept too long is seen.
        const std::string piece = file.substr(offset, std::min<size_t>(reader->need().length, next_cut()));
        read.bytes_read += piece.size();
        reader->Provide(AsBytes(piece));
        break;
      }
      case Step::kEntry: {
        const ArchiveEntry& entry = reader->entry();
        const size_t number = entries++;
        if (entry.is_directory || entry.name.find(wanted) == std::string::npos) break;
        if (kind == ArchiveKind::kZip) {
          later.push_back(number);
        } else if (entry.stored) {
          read.text += entry.name + ' ' + file.substr(entry.stored->offset, entry.stored->length) + ' ' +
                       Name(entry.fault) + '\n';
        } else {
          read.last_data.clear();
          reader->Open(number);
        }
        break;
      }
      case Step::kData:
        EXPECT_FALSE(reader->data().empty());
        read.last_data += AsText(reader->data());
        break;
      case Step::kEntryEnd: {
        const ArchiveEntry& entry = reader->entry();
        if (entry.stored) read.last_data = file.substr(entry.stored->offset, entry.stored->length);
        read.text += entry.name + ' ' + read.last_data + ' ' + Name(reader->fault()) + '\n';
        if (reader->limit() > 0) read.limit = reader->limit();
        break;
      }
      case Step::kPause:
        break;
      case Step::kEnd:
        break;
    }
    if (step == Step::kEnd && !told_all) {
      told_all = true;
      read.fault = reader->fault();
      if (reader->limit() > 0) read.limit = reader->limit();
      read.text += Name(read.fault);
    }
    if (told_all && (step == Step::kEnd || step == Step::kEntryEnd)) {
      if (next == later.size()) return read;
      read.last_data.clear();
      reader->Open(later[next++]);
    }
  }
}

std::string Gz(const std::string& data) { return Gzip(DeflateStored(data), data); }

TEST(ArchiveReader, ReadsEveryKindAlike) {
  const std::string ustar = ReadAll(FromHex(kPythonUstar)).text;
  EXPECT_TRUE(ustar.starts_with("runs/a/loss.txt " + Losses() + " none\n")) << ustar;
  EXPECT_EQ(ReadAll(Gz(FromHex(kPythonUstar))).text, ustar);
  EXPECT_EQ(ReadAll(Gz(FromHex(kPythonPax))).text, ReadAll(FromHex(kPythonPax)).text);
  EXPECT_EQ(ReadAll(FromHex(kPythonZip)).text,
            "none"
            "runs/a/loss.txt " +
                Losses() + " none\nruns/größe.txt groß none\nempty  none\nx.bz2  method\n");
}

TEST(ArchiveReader, ReadsABareFile) {
  EXPECT_EQ(ReadAll(FromHex(kPythonGzip)).text, "loss.txt " + Losses() + " none\nnone");
  EXPECT_EQ(ReadAll(FromHex(kPythonZlib)).text, " " + Losses() + " none\nnone");
  EXPECT_EQ(ReadAll(Gz("short")).text, " short none\nnone");
  EXPECT_EQ(ReadAll(Gz("")).text, "  none\nnone");
  EXPECT_EQ(ReadAll(Gz("short").substr(0, 20)).text, " short cut_off\nnone");
  // An archive inside is data.
  EXPECT_EQ(ReadAll(Gz(FromHex(kPythonZip))).text, " " + FromHex(kPythonZip) + " none\nnone");
  EXPECT_EQ(ReadAll(Gz(FromHex(kPythonGzip))).text, " " + FromHex(kPythonGzip) + " none\nnone");
}

TEST(ArchiveReader, GivesTheSameForAnyCut) {
  for (const std::string& file :
       {FromHex(kPythonZip), FromHex(kPythonUstar), FromHex(kPythonGnuTar), FromHex(kPythonGzip),
        Gz(FromHex(kPythonUstar)), Gz(FromHex(kPythonPax)), FromHex(kPythonZlib)}) {
    const std::string whole = ReadAll(file).text;
    EXPECT_EQ(ReadAll(file, Pieces(7)).text, whole);
    EXPECT_EQ(ReadAll(file, RandomPieces(5, 700)).text, whole);
  }
}

TEST(ArchiveReader, ReadsNothingOfWhatIsNotOpened) {
  std::string tar = FromHex(kPythonUstar);
  // The header of an entry of 40 MB, before the others.
  std::string header = tar.substr(512, 512);
  const std::string big(4'000'256, 'x');
  header.replace(124, 11, "00017205000");
  header.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<uint8_t>(c);
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  header.replace(148, 7, std::string(digits, 7));
  const std::string file = header + big + std::string(0, '\0') + tar;
  const Read listed = ReadAll(file, Whole(), {}, "nothing");
  EXPECT_EQ(listed.text, "none");
  EXPECT_LT(listed.bytes_read, 100'000u);
  // Inflated it must be, but not in one go.
  const Read inflated = ReadAll(Gz(file), Whole(), {}, "nothing");
  EXPECT_EQ(inflated.text, "none");
  EXPECT_GT(inflated.steps, big.size() / Inflater::kOutputBytes);
}

TEST(ArchiveReader, AFaultOfAnEntrySpoilsOnlyThat) {
  std::string zip = FromHex(kPythonZip);
  const size_t at = zip.find("PK\3\4", 100) - 30;  // in the data of the first file
  zip[at] = static_cast<char>(zip[at] ^ 0xFF);
  const std::string text = ReadAll(zip).text;
  EXPECT_EQ(text.find(" none\nruns/größe.txt groß none\n"), std::string::npos);
  EXPECT_NE(text.find("\nruns/größe.txt groß none\n"), std::string::npos) << text;
}

TEST(ArchiveReader, WhatComesBeforeTheEndOfACutArchiveIsGiven) {
  const std::string tar = FromHex(kPythonUstar);
  const std::string gz = Gz(tar);
  const Read read = ReadAll(gz.substr(0, gz.size() / 3));
  EXPECT_TRUE(read.text.starts_with("runs/a/loss.txt " + Losses() + " none\n")) << read.text;
  EXPECT_EQ(read.fault, ArchiveFault::kCutOff);
  for (size_t length = 37; length < gz.size(); length += 37) {
    EXPECT_NE(ReadAll(gz.substr(0, length)).text.find("cut_off"), std::string::npos) << length;
  }
  // The end of the tar is not the end of the file: its checksum is.
  std::string wrong = gz;
  wrong[wrong.size() - 8] ^= 1;
  EXPECT_EQ(ReadAll(wrong).fault, ArchiveFault::kChecksum);
}

TEST(ArchiveReader, StopsAtItsLimits) {
  ArchiveLimits two;
  two.max_entries = 2;
  const Read many = ReadAll(FromHex(kPythonUstar), Whole(), two);
  EXPECT_EQ(many.fault, ArchiveFault::kTooManyEntries);
  EXPECT_EQ(many.limit, 2u);
  EXPECT_EQ(ReadAll(FromHex(kPythonZip), Whole(), two).limit, 2u);
  EXPECT_EQ(ReadAll(Gz(FromHex(kPythonUstar)), Whole(), two).limit, 2u);

  // One entry that is over the limit, and a small one behind it.
  ArchiveLimits few;
  few.max_bytes = 100;
  for (const std::string& file : {FromHex(kPythonZip), Gz(FromHex(kPythonUstar))}) {
    const Read read = ReadAll(file, Whole(), few);
    EXPECT_NE(read.text.find("runs/a/loss.txt  too_many_bytes\n"), std::string::npos) << read.text;
    EXPECT_EQ(read.limit, 100u);
  }
  EXPECT_EQ(ReadAll(FromHex(kPythonGzip), Whole(), few).text, "loss.txt  too_many_bytes\nnone");
  // What stands there as it is needs no room.
  EXPECT_EQ(ReadAll(FromHex(kPythonUstar), Whole(), few).text, ReadAll(FromHex(kPythonUstar)).text);

  ArchiveLimits bomb;
  bomb.inflate.max_ratio = 100;
  bomb.inflate.ratio_from = 1 << 20;
  const std::string zeros(258 * 50'000 + 1, '\0');
  const Read read = ReadAll(Gzip(DeflateZeros(50'000), zeros), Whole(), bomb);
  EXPECT_TRUE(read.text.ends_with(" ratio\nnone"));
  EXPECT_EQ(read.limit, 100u);
  EXPECT_LT(read.last_data.size(), 3u << 20);
}

TEST(ArchiveReader, SurvivesAnyBytes) {
  std::mt19937 random(17);
  const std::string files[] = {FromHex(kPythonZip), FromHex(kPythonUstar), Gz(FromHex(kPythonPax)),
                               FromHex(kPythonGzip), FromHex(kPythonGnuTar)};
  for (int i = 0; i < 400; ++i) {
    std::string file = files[i % 5];
    for (auto changes = random() % 6 + 1; changes > 0; --changes) {
      static constexpr int kNasty[] = {0, 1, 0x7F, 0x80, 0xFF};
      file[4 + random() % (file.size() - 4)] = static_cast<char>(kNasty[random() % 5]);
    }
    if (KindOf(AsBytes(file)) == ArchiveKind::kNone) continue;
    EXPECT_EQ(ReadAll(file, RandomPieces(static_cast<unsigned>(i), 900)).text, ReadAll(file).text) << i;
  }
}

}  // namespace
}  // namespace tensorpane
