#include "projector/npy.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace tensorpane {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// More dimensions than NumPy 2 has.
constexpr size_t kMaxRank = 64;

/// Reads the header's text: the literal of a Python dictionary with these three keys, and spaces.
///     {'descr': '<f4', 'fortran_order': False, 'shape': (600, 64), }
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : rest_(text) {}

  ProjectorFault Read(NpyHeader* header) {
    if (!Accept("{")) return fault_;
    int found = 0;
    while (!Accept("}")) {
      std::string_view key;
      if (!ReadString(&key) || !Accept(":") || !ReadValue(key, header)) return fault_;
      found |= key == "descr" ? 1 : key == "shape" ? 2 : 4;
      if (Accept(",")) continue;
      if (!Accept("}")) return fault_;
      break;
    }
    SkipSpace();
    return found == 7 && rest_.empty() ? ProjectorFault::kNone : fault_;
  }

 private:
  bool ReadValue(std::string_view key, NpyHeader* header) {
    if (key == "descr") return ReadType(&header->type);
    if (key == "shape") return ReadShape(&header->shape);
    if (key != "fortran_order") return false;
    header->fortran_order = Accept("True");
    return header->fortran_order || Accept("False");
  }

  /// Byte order (| for single bytes, = for that of the machine, all of which are little-endian), kind and
  /// size: numpy.dtype.str. What is no real number is described so too, or as a list.
  bool ReadType(ElementType* type) {
    std::string_view text;
    if (Accept("[")) {
      fault_ = ProjectorFault::kNumberType;
      return false;
    }
    if (!ReadString(&text)) return false;
    fault_ = ProjectorFault::kNumberType;
    if (text.size() != 3 || std::string_view("<>|=").find(text[0]) == std::string_view::npos) return false;
    const bool is_bool = text[1] == 'b';  // 0 or 1
    if (text[1] == 'f') {
      type->kind = ElementType::Kind::kFloat;
    } else if (text[1] == 'i') {
      type->kind = ElementType::Kind::kSigned;
    } else if (text[1] == 'u' || is_bool) {
      type->kind = ElementType::Kind::kUnsigned;
    } else {
      return false;
    }
    type->bytes = static_cast<uint8_t>(text[2] - '0');
    type->big_endian = text[0] == '>';
    switch (type->bytes) {
      case 1:
        if (type->kind == ElementType::Kind::kFloat) return false;
        break;
      case 2:
      case 4:
      case 8:
        if (is_bool) return false;
        break;
      default:
        return false;
    }
    fault_ = ProjectorFault::kNpyHeader;
    return true;
  }

  /// A tuple: (), (3,), (3, 4); Python 2 wrote (3L, 4L).
  bool ReadShape(std::vector<uint64_t>* shape) {
    shape->clear();
    if (!Accept("(")) return false;
    while (!Accept(")")) {
      SkipSpace();
      uint64_t size;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc() || shape->size() == kMaxRank) return false;
      rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
      Accept("L");
      shape->push_back(size);
      if (!Accept(",")) return Accept(")");
    }
    return true;
  }

  bool ReadString(std::string_view* text) {
    SkipSpace();
    if (!rest_.starts_with('\'') && !rest_.starts_with('"')) return false;
    const size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) return false;
    *text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool Accept(std::string_view token) {
    SkipSpace();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void SkipSpace() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  std::string_view rest_;
  ProjectorFault fault_ = ProjectorFault::kNpyHeader;  // if something fails
};

}  // namespace

bool StartsAsNpy(Bytes start) {
  const size_t length = std::min(start.size(), kMagic.size());
  return AsText(start.first(length)) == kMagic.substr(0, length);
}

ProjectorFault ReadNpyHeader(Bytes file, NpyHeader* header) {
  *header = {};
  if (!StartsAsNpy(file)) return ProjectorFault::kNotNpy;
  // Magic, version (major, minor), length of the text: 16 bits in version 1, else 32.
  const size_t version_end = kMagic.size() + 2;
  header->data_offset = version_end;
  if (file.size() < version_end) return ProjectorFault::kCutOff;
  const uint8_t major = file[kMagic.size()];
  if (major < 1 || major > 3) return ProjectorFault::kNotNpy;
  const size_t text_start = version_end + (major == 1 ? 2 : 4);
  header->data_offset = text_start;
  if (file.size() < text_start) return ProjectorFault::kCutOff;
  const uint8_t* length = &file[version_end];
  const uint64_t text_length =
      major == 1 ? LoadLittleEndian<uint16_t>(length) : LoadLittleEndian<uint32_t>(length);
  header->data_offset = text_start + text_length;
  if (header->data_offset > kMaxNpyHeaderBytes) return ProjectorFault::kNpyHeader;
  if (file.size() < header->data_offset) return ProjectorFault::kCutOff;
  return HeaderReader(AsText(file.subspan(text_start, static_cast<size_t>(text_length)))).Read(header);
}

}  // namespace tensorpane
