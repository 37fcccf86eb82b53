#pragma once

#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bundle/bundle_index.h"
#include "bundle/sstable_reader.h"
#include "records/crc32c.h"

namespace tensorpane {

// Tables and checkpoints, written byte by byte.

inline std::string Varint(uint64_t number) {
  std::string bytes;
  for (; number >= 128; number >>= 7) bytes += static_cast<char>(number | 128);
  return bytes + static_cast<char>(number);
}

template <class T>
std::string LittleEndian(T number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

inline std::string FloatBytes(const std::vector<float>& numbers) {
  std::string bytes;
  for (const float number : numbers) bytes += LittleEndian(number);
  return bytes;
}

/// A block with what stands behind it.
inline std::string Closed(std::string block, char compression = 0) {
  block += compression;
  return block + LittleEndian(MaskCrc(Crc32c(AsBytes(block))));
}

/// Entries whose keys share what they can, with one restart.
inline std::string MakeBlock(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string block, last;
  for (const auto& [key, value] : entries) {
    size_t shared = 0;
    while (shared < last.size() && shared < key.size() && last[shared] == key[shared]) ++shared;
    block += Varint(shared) + Varint(key.size() - shared) + Varint(value.size()) + key.substr(shared) + value;
    last = key;
  }
  return block + LittleEndian<uint32_t>(0) + LittleEndian<uint32_t>(1);
}

inline std::string MakeFooter(uint64_t meta_offset, uint64_t meta_length, uint64_t offset, uint64_t length) {
  std::string footer = Varint(meta_offset) + Varint(meta_length) + Varint(offset) + Varint(length);
  footer.resize(SstableReader::kFooterBytes - 8);
  return footer + LittleEndian(SstableReader::kMagic);
}

inline size_t MetaindexBytes() { return Closed(MakeBlock({})).size(); }

/// Data blocks (whole, closed), metaindex, index, footer.
inline std::string JoinBlocks(const std::vector<std::pair<std::string, std::string>>& blocks,
                              size_t* metaindex) {
  std::string file;
  std::vector<std::pair<std::string, std::string>> handles;
  for (const auto& [last_key, block] : blocks) {
    handles.emplace_back(last_key, Varint(file.size()) + Varint(block.size() - 5));
    file += block;
  }
  *metaindex = file.size();
  file += Closed(MakeBlock({}));
  const size_t index = file.size();
  file += Closed(MakeBlock(handles));
  return file + MakeFooter(*metaindex, MetaindexBytes() - 5, index, file.size() - index - 5);
}

/// A table with so many entries in each block.
inline std::string MakeTable(const std::vector<std::pair<std::string, std::string>>& entries, size_t a_block,
                             char compression = 0) {
  std::vector<std::pair<std::string, std::string>> blocks;
  for (size_t at = 0; at < entries.size(); at += a_block) {
    const size_t end = std::min(at + a_block, entries.size());
    const auto begin = entries.begin();
    blocks.emplace_back(
        entries[end - 1].first,
        Closed(MakeBlock({begin + static_cast<ptrdiff_t>(at), begin + static_cast<ptrdiff_t>(end)}),
               compression));
  }
  size_t unused;
  return JoinBlocks(blocks, &unused);
}

/// A table whose one block is this.
inline std::string MakeTableOf(const std::string& block) {
  size_t unused;
  return JoinBlocks({{"z", Closed(block)}}, &unused);
}

inline size_t MetaindexOffset(const std::string& file) {
  const auto* at = reinterpret_cast<const uint8_t*>(file.data()) + file.size() - SstableReader::kFooterBytes;
  uint64_t offset = 0;
  for (int shift = 0;; shift += 7) {
    offset |= static_cast<uint64_t>(*at & 127) << shift;
    if (*at++ < 128) return offset;
  }
}

/// A checkpoint: its .index, and its .data files.
struct Bundle {
  uint32_t shards = 1;
  std::map<std::string, std::string> entries;
  std::string data, second;

  void Add(const std::string& name, uint64_t dtype, const std::vector<int64_t>& shape,
           const std::string& bytes, uint32_t shard = 0) {
    std::string& file = shard == 1 ? second : data;
    entries[name] = Types(dtype, shape) + "\x18" + Varint(shard) + "\x20" + Varint(file.size()) + "\x28" +
                    Varint(bytes.size()) + "\x35" + LittleEndian(MaskCrc(Crc32c(AsBytes(bytes))));
    file += bytes;
  }
  void AddWhole(const std::string& name, uint64_t dtype, const std::vector<int64_t>& shape,
                const std::vector<VariableSlice>& slices) {
    std::string& entry = entries[name] = Types(dtype, shape);
    for (const VariableSlice& slice : slices) {
      std::string extents;
      for (const SliceExtent& extent : slice) {
        std::string numbers;
        if (extent.length != SliceExtent::kFull) {
          numbers = "\x08" + Varint(static_cast<uint64_t>(extent.start)) + "\x10" +
                    Varint(static_cast<uint64_t>(extent.length));
        }
        extents += "\x0A" + Varint(numbers.size()) + numbers;
      }
      entry += "\x3A" + Varint(extents.size()) + extents;
    }
  }
  void AddPart(const std::string& name, const VariableSlice& slice, uint64_t dtype,
               const std::vector<int64_t>& shape, const std::string& bytes, uint32_t shard) {
    Add(PartKey(name, slice), dtype, shape, bytes, shard);
  }
  void AddStrings(const std::string& name, const std::vector<int64_t>& shape,
                  const std::vector<std::string>& strings) {
    std::string lengths, sizes, all;
    for (const std::string& text : strings) {
      lengths += Varint(text.size());
      sizes += LittleEndian(static_cast<uint32_t>(text.size()));
      all += text;
    }
    const std::string check = LittleEndian(MaskCrc(Crc32c(AsBytes(sizes))));
    const std::string bytes = lengths + check + all;
    entries[name] = Types(7, shape) + "\x20" + Varint(data.size()) + "\x28" + Varint(bytes.size()) + "\x35" +
                    LittleEndian(MaskCrc(Crc32c(AsBytes(sizes + check + all))));
    data += bytes;
  }
  std::string Index(size_t a_block = 2) const {
    std::vector<std::pair<std::string, std::string>> all = {{"", "\x08" + Varint(shards)}};
    all.insert(all.end(), entries.begin(), entries.end());
    return MakeTable(all, a_block);
  }

 private:
  static std::string Types(uint64_t dtype, const std::vector<int64_t>& shape) {
    std::string dims;
    for (const int64_t size : shape) {
      const std::string dim = "\x08" + Varint(static_cast<uint64_t>(size));
      dims += "\x12" + Varint(dim.size()) + dim;
    }
    return "\x08" + Varint(dtype) + "\x12" + Varint(dims.size()) + dims;
  }
};

}  // namespace tensorpane
