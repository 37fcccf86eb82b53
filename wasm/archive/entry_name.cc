#include "archive/entry_name.h"

#include <algorithm>
#include <string_view>

namespace tensorpane {
namespace {

// Code points of 0x80 to 0xFF: unicode.org, Mappings/VENDORS/MICSFT/PC/CP437.TXT.
constexpr uint16_t kCp437[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE,
    0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6,
    0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA,
    0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510, 0x2514,
    0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C,
    0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4,
    0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320,
    0x2321, 0x00F7, 0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0};

bool IsDriveLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool BeginsWithDrive(std::string_view name, bool backslash_separates) {
  if (name.size() < 2 || name[1] != ':' || !IsDriveLetter(name[0])) return false;
  return backslash_separates || name.size() == 2 || name[2] == '/' || name[2] == '\\';
}

bool LeadsUp(std::string_view name) {
  while (!name.empty()) {
    const size_t end = std::min(name.find_first_of("/\\"), name.size());
    if (name.substr(0, end) == "..") return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

/// Longer and deeper than any file system has paths; the page makes a tree of them.
bool IsTooLong(std::string_view name, bool backslash_separates) {
  constexpr size_t kMaxBytes = 4096, kMaxParts = 128;
  const auto separates = [&](char c) { return c == '/' || (c == '\\' && backslash_separates); };
  return name.size() > kMaxBytes ||
         std::count_if(name.begin(), name.end(), separates) >= static_cast<ptrdiff_t>(kMaxParts);
}

}  // namespace

EntryName CleanEntryName(std::string utf8, bool backslash_separates) {
  const bool refused = IsTooLong(utf8, backslash_separates) || LeadsUp(utf8) ||
                       BeginsWithDrive(utf8, backslash_separates) || utf8.find('\0') != std::string::npos;
  if (refused) return {std::move(utf8), false, true};
  if (backslash_separates) std::replace(utf8.begin(), utf8.end(), '\\', '/');
  EntryName name;
  name.is_directory = utf8.ends_with('/');
  for (std::string_view rest = utf8; !rest.empty();) {
    const size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (!name.text.empty()) name.text += '/';
    name.text += part;
  }
  if (!name.text.empty()) return name;
  // "./", the first entry of many tar files, is the root and well named.
  return {std::move(utf8), name.is_directory, !name.is_directory};
}

std::string FromCp437(Bytes bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const uint8_t byte : bytes) {
    if (byte < 0x80) {
      text += static_cast<char>(byte);
      continue;
    }
    const unsigned point = kCp437[byte - 0x80];
    if (point < 0x800) {
      text += static_cast<char>(0xC0 | point >> 6);
    } else {
      text += static_cast<char>(0xE0 | point >> 12);
      text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    }
    text += static_cast<char>(0x80 | (point & 0x3F));
  }
  return text;
}

}  // namespace tensorpane
