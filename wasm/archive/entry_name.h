#pragma once

#include <string>

#include "base/bytes.h"

namespace tensorpane {

/// The path of an entry below the archive: parts parted by '/', none of them empty or ".".
struct EntryName {
  std::string text;           ///< Valid UTF-8; of a refused name as it stands in the archive.
  bool is_directory = false;  ///< It ended in a separator.
  bool refused = false;       ///< It leads out of the archive, or names nothing.
};

/// Makes a name of what stands in an archive. `utf8` must be valid UTF-8. Leading separators go, as in tar
/// and unzip; refused are "..", drive letters, NUL and names of nothing. A backslash is a character of the
/// name, as on Unix, unless `backslash_separates`; but even then it hides no "..".
EntryName CleanEntryName(std::string utf8, bool backslash_separates);

/// `bytes` in code page 437, the character set of old zip archives (APPNOTE.TXT appendix D.1), as UTF-8.
std::string FromCp437(Bytes bytes);

}  // namespace tensorpane
