#include <gtest/gtest.h>

#include "bundle/bundle_index.h"
#include "bundle/sstable_reader.h"
#include "bundle/variable_reader.h"
#include "bundle_bytes.h"

namespace tensorpane {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

/// What a reader says of a file of which pieces come whole; `pieces` counts them.
struct Read {
  Entries entries;
  BundleFault fault = BundleFault::kNone;
};

Read ReadTable(const std::string& file, uint64_t told_size = 0) {
  SstableReader reader(told_size == 0 ? file.size() : told_size);
  Read read;
  for (;;) {
    switch (reader.Next()) {
      case SstableReader::Step::kNeed: {
        const ByteRange need = reader.need();
        EXPECT_LE(need.length, kMaxWanted);
        reader.Provide(AsBytes(need.offset < file.size() ? file.substr(need.offset, need.length) : ""));
        break;
      }
      case SstableReader::Step::kEntry:
        read.entries.emplace_back(reader.key(), reader.value());
        break;
      case SstableReader::Step::kFault:
        read.fault = reader.fault();
        return read;
      case SstableReader::Step::kEnd:
        return read;
    }
  }
}

/// The index of a checkpoint, or its fault.
BundleFault ReadIndex(const std::string& file, BundleIndex* index) {
  BundleIndexReader reader(file.size());
  while (reader.Next() == BundleIndexReader::Step::kNeed) {
    reader.Provide(AsBytes(file.substr(reader.need().offset, reader.need().length)));
  }
  *index = reader.Take();
  return reader.fault();
}

/// The bytes of a variable; `shards` are the .data files.
BundleFault ReadVariable(const BundleIndex& index, std::string_view name,
                         const std::vector<std::string>& shards, std::string* bytes) {
  const BundleEntry* variable = index.FindVariable(name);
  EXPECT_NE(variable, nullptr);
  bytes->clear();
  VariableReader reader(index, *variable, [&](uint64_t offset, Bytes part) {
    if (bytes->size() < offset + part.size()) bytes->resize(offset + part.size());
    std::copy(part.begin(), part.end(), bytes->begin() + static_cast<ptrdiff_t>(offset));
  });
  while (reader.Next() == VariableReader::Step::kNeed) {
    const auto [shard, offset, length] = reader.request();
    EXPECT_LE(length, kMaxWanted);
    const std::string& file = shards.at(shard);
    reader.Provide(AsBytes(offset < file.size() ? file.substr(offset, length) : ""));
  }
  return reader.fault();
}

TEST(Sstable, EntriesOfAllBlocksWithSharedPrefixes) {
  const Entries entries = {{"", "header"},         {"dense/bias", "1"},           {"dense/kernel", ""},
                           {"dense/kernel2", "3"}, {"e", std::string(1000, 'x')}, {"f", "5"}};
  for (const size_t a_block : {1, 2, 6}) {
    const Read read = ReadTable(MakeTable(entries, a_block));
    EXPECT_EQ(read.entries, entries);
    EXPECT_EQ(read.fault, BundleFault::kNone);
  }
  EXPECT_EQ(ReadTable(MakeTable({}, 1)).fault, BundleFault::kNone);
}

TEST(Sstable, BlocksLargerThanAPiece) {
  const Entries entries = {{"a", std::string((5 << 20) / 2, 'y')}, {"b", "1"}};
  EXPECT_EQ(ReadTable(MakeTable(entries, 2)).entries, entries);
}

TEST(Sstable, EveryCutAndEveryFlippedByteIsAFault) {
  const Entries entries = {{"", "header"}, {"dense/bias", "1"}, {"dense/kernel", "22"}};
  const std::string file = MakeTable(entries, 2);
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(ReadTable(file.substr(0, size)).fault, BundleFault::kNone) << size;
    EXPECT_NE(ReadTable(file.substr(0, size), file.size()).fault, BundleFault::kNone) << size;
  }
  // The metaindex and the padding of the footer are not looked at.
  const size_t footer = file.size() - SstableReader::kFooterBytes, metaindex = MetaindexBytes();
  for (size_t at = 0; at < file.size(); ++at) {
    std::string flipped = file;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    const Read read = ReadTable(flipped);
    if (at >= footer && at < file.size() - 8) continue;
    const bool in_metaindex = at >= MetaindexOffset(file) && at < MetaindexOffset(file) + metaindex;
    EXPECT_EQ(read.fault == BundleFault::kNone, in_metaindex) << at;
  }
}

TEST(Sstable, WhatIsNotReadIsSaid) {
  EXPECT_EQ(ReadTable("").fault, BundleFault::kNotACheckpoint);
  EXPECT_EQ(ReadTable(std::string(1000, '\0')).fault, BundleFault::kNotACheckpoint);
  EXPECT_EQ(ReadTable(MakeTable({{"a", "b"}}, 1, 1)).fault, BundleFault::kCompressed);
}

TEST(Sstable, HostileNumbersCostNothing) {
  // An index block far outside of the file, and one of 2^60 bytes.
  for (const uint64_t offset : {uint64_t{0}, uint64_t{1} << 40, UINT64_MAX}) {
    for (const uint64_t length : {uint64_t{1} << 60, UINT64_MAX, uint64_t{100}}) {
      EXPECT_NE(ReadTable(MakeFooter(0, 0, offset, length)).fault, BundleFault::kNone);
    }
  }
  // An entry that shares more than the key before it has, restarts beyond the block.
  EXPECT_EQ(ReadTable(MakeTableOf(std::string("\5\1\1ab", 5) + std::string(4, '\0'))).fault,
            BundleFault::kDamaged);
  EXPECT_EQ(ReadTable(MakeTableOf("\xFF\xFF\xFF\xFF")).fault, BundleFault::kDamaged);
  EXPECT_EQ(ReadTable(MakeTableOf("abc")).fault, BundleFault::kDamaged);
}

TEST(Bundle, VariablesOfEveryForm) {
  const std::string floats = FloatBytes({1, 2, 3, 4, 5, 6});
  Bundle bundle;
  bundle.Add("a/floats", 1, {2, 3}, floats);
  bundle.Add("b/scalar", 9, {}, std::string(8, '\1'));
  bundle.Add("c/empty", 1, {0, 4}, "");
  BundleIndex index;
  ASSERT_EQ(ReadIndex(bundle.Index(), &index), BundleFault::kNone);
  EXPECT_EQ(index.shards(), 1u);
  ASSERT_EQ(index.variables().size(), 3u);
  EXPECT_EQ(index.variables()[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(index.variables()[0].dtype, DType::kFloat);
  EXPECT_EQ(index.FindVariable("none"), nullptr);
  std::string bytes;
  EXPECT_EQ(ReadVariable(index, "a/floats", {bundle.data}, &bytes), BundleFault::kNone);
  EXPECT_EQ(bytes, floats);
  EXPECT_EQ(ReadVariable(index, "b/scalar", {bundle.data}, &bytes), BundleFault::kNone);
  EXPECT_EQ(bytes, std::string(8, '\1'));
  EXPECT_EQ(ReadVariable(index, "c/empty", {bundle.data}, &bytes), BundleFault::kNone);
  EXPECT_EQ(bytes, "");
}

TEST(Bundle, FaultsOfData) {
  Bundle bundle;
  bundle.Add("v", 1, {2}, FloatBytes({1, 2}));
  bundle.Add("wrong size", 1, {3}, FloatBytes({1, 2}));
  bundle.Add("x no numbers", 99, {1}, "abcd");
  bundle.Add("y other shard", 1, {1}, FloatBytes({1}), 7);
  bundle.Add("z huge", 1, {int64_t{1} << 40, int64_t{1} << 40}, FloatBytes({1}));
  BundleIndex index;
  ASSERT_EQ(ReadIndex(bundle.Index(), &index), BundleFault::kNone);
  std::string bytes, flipped = bundle.data;
  flipped[3] = '\x7F';
  EXPECT_EQ(ReadVariable(index, "v", {flipped}, &bytes), BundleFault::kChecksum);
  EXPECT_EQ(ReadVariable(index, "v", {bundle.data.substr(0, 7)}, &bytes), BundleFault::kCutOff);
  EXPECT_EQ(ReadVariable(index, "wrong size", {bundle.data}, &bytes), BundleFault::kSize);
  EXPECT_EQ(ReadVariable(index, "x no numbers", {bundle.data}, &bytes), BundleFault::kNumberType);
  EXPECT_EQ(ReadVariable(index, "y other shard", {bundle.data}, &bytes), BundleFault::kNoShard);
  EXPECT_EQ(ReadVariable(index, "z huge", {bundle.data}, &bytes), BundleFault::kSize);
}

TEST(Bundle, FaultsOfTheHeader) {
  BundleIndex index;
  EXPECT_EQ(ReadIndex(MakeTable({}, 1), &index), BundleFault::kNotACheckpoint);
  EXPECT_EQ(ReadIndex(MakeTable({{"a", ""}}, 1), &index), BundleFault::kNotACheckpoint);
  EXPECT_EQ(ReadIndex(MakeTable({{"", ""}}, 1), &index), BundleFault::kNotACheckpoint);
  EXPECT_EQ(ReadIndex(MakeTable({{"", "\x08\x01\x10\x01"}}, 1), &index), BundleFault::kBigEndian);
  EXPECT_EQ(ReadIndex(MakeTable({{"", "\x08\x01"}, {"b", ""}, {"a", ""}}, 3), &index), BundleFault::kDamaged);
  EXPECT_EQ(ReadIndex(MakeTable({{"", "\x08\x01"}, {"b", "\xFF"}}, 3), &index), BundleFault::kDamaged);
}

TEST(Bundle, PartsAreJoined) {
  // [[0, 1, 2], [3, 4, 5], [6, 7, 8]] as a left and a right part, the right one in two, in two files.
  const VariableSlice left = {{}, {0, 1}}, top = {{0, 1}, {1, 2}}, bottom = {{1, 2}, {1, 2}};
  Bundle bundle;
  bundle.shards = 2;
  bundle.AddWhole("v", 1, {3, 3}, {left, top, bottom});
  bundle.AddPart("v", left, 1, {3, 1}, FloatBytes({0, 3, 6}), 0);
  bundle.AddPart("v", top, 1, {1, 2}, FloatBytes({1, 2}), 1);
  bundle.AddPart("v", bottom, 1, {2, 2}, FloatBytes({4, 5, 7, 8}), 1);
  BundleIndex index;
  ASSERT_EQ(ReadIndex(bundle.Index(), &index), BundleFault::kNone);
  EXPECT_EQ(index.variables().size(), 1u);
  std::string bytes;
  EXPECT_EQ(ReadVariable(index, "v", {bundle.data, bundle.second}, &bytes), BundleFault::kNone);
  EXPECT_EQ(bytes, FloatBytes({0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Bundle, PartsThatAreNotTheWhole) {
  const VariableSlice left = {{0, 2}}, right = {{2, 2}}, over = {{1, 2}}, outside = {{3, 2}};
  const auto fault = [](std::vector<VariableSlice> slices) {
    Bundle bundle;
    bundle.AddWhole("v", 1, {4}, slices);
    for (const VariableSlice& slice : slices) bundle.AddPart("v", slice, 1, {2}, FloatBytes({1, 2}), 0);
    BundleIndex index;
    EXPECT_EQ(ReadIndex(bundle.Index(), &index), BundleFault::kNone);
    std::string bytes;
    return ReadVariable(index, "v", {bundle.data}, &bytes);
  };
  EXPECT_EQ(fault({left, right}), BundleFault::kNone);
  EXPECT_EQ(fault({left}), BundleFault::kSlices);
  EXPECT_EQ(fault({left, over}), BundleFault::kSlices);
  EXPECT_EQ(fault({left, outside}), BundleFault::kSlices);
  EXPECT_EQ(fault({left, {{-1, 2}}}), BundleFault::kSlices);
}

// Byte sequences of signed numbers as TensorFlow's own test of ordered_code.cc has them.
TEST(Bundle, KeysOfParts) {
  const auto extent = [](int64_t start) {
    return PartKey("", {{start, 0}}).substr(5, PartKey("", {{start, 0}}).size() - 6);
  };
  EXPECT_EQ(extent(0), "\x80");
  EXPECT_EQ(extent(-1), "\x7F");
  EXPECT_EQ(extent(63), "\xBF");
  EXPECT_EQ(extent(64), "\xC0\x40");
  EXPECT_EQ(extent(-65), "\x3F\xBF");
  EXPECT_EQ(extent(INT32_MIN), std::string("\x07\x80\0\0\0", 5));
  EXPECT_EQ(extent(INT64_MIN), std::string("\0\x3F\x80\0\0\0\0\0\0\0", 10));
  EXPECT_EQ(PartKey(std::string("a\0b\xFF", 4), {}), std::string("\0a\0\xFF"
                                                                 "b\xFF\0\0\1\0",
                                                                 10));
}

TEST(Bundle, Strings) {
  Bundle bundle;
  bundle.AddStrings("s", {3}, {"", "ab", std::string(300, 'c')});
  BundleIndex index;
  ASSERT_EQ(ReadIndex(bundle.Index(), &index), BundleFault::kNone);
  const BundleEntry& variable = *index.FindVariable("s");
  std::string bytes;
  ASSERT_EQ(ReadVariable(index, "s", {bundle.data}, &bytes), BundleFault::kNone);
  std::vector<Bytes> strings;
  ASSERT_EQ(ReadStrings(variable, AsBytes(bytes), &strings), BundleFault::kNone);
  ASSERT_EQ(strings.size(), 3u);
  EXPECT_EQ(AsText(strings[1]), "ab");
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_NE(ReadStrings(variable, AsBytes(flipped), &strings), BundleFault::kNone) << at;
    EXPECT_NE(ReadStrings(variable, AsBytes(bytes.substr(0, at)), &strings), BundleFault::kNone) << at;
  }
}

TEST(Bundle, NamesOfDataFiles) {
  EXPECT_EQ(ShardPath("train/model.ckpt-1.index", 3, 12), "train/model.ckpt-1.data-00003-of-00012");
}

}  // namespace
}  // namespace tensorpane
