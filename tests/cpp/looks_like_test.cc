#include "archive/looks_like.h"

#include <gtest/gtest.h>

#include <string>

namespace tensorpane {
namespace {

using namespace std::literals;

TEST(LooksLike, NamesForeignFilesByTheirBytes) {
  const auto what = [](std::string_view bytes) { return LooksLike(AsBytes(bytes)); };
  EXPECT_EQ(what("\x1f\x8b\x08\x00\x00"sv), "gzip");
  EXPECT_EQ(what("PK\x03\x04\x00"sv), "zip archive");
  EXPECT_EQ(what("\x89PNG\r\n\x1a\n...."sv), "image");
  EXPECT_EQ(what("  <HTML><head>"), "HTML page");
  EXPECT_EQ(what("version https://git-lfs.github.com/spec/v1\n"), "git-lfs pointer");
  EXPECT_EQ(what("{\"error\": 404}"), "text");
  EXPECT_EQ(what(std::string(257, 'a') + "ustar" + std::string(100, '\0')), "tar archive");
  EXPECT_EQ(what("\x78\x9c\xff\x01\x02"sv), "zlib");
  EXPECT_EQ(what(std::string(50, '\0')), "only zero bytes");
  // What bzip2 1.0.8, xz 5.4, zstd 1.5, 7z 22 and rar write first.
  EXPECT_EQ(what("BZh91AY&SY\x8a\x1f"sv), "bzip2");
  EXPECT_EQ(what("BZh9\x17\x72\x45\x38\x50\x90\x00"sv), "bzip2");
  EXPECT_EQ(what("BZh9, a text that begins so"), "text");
  EXPECT_EQ(what("\xfd\x37\x7a\x58\x5a\x00\x00\x04"sv), "xz");
  EXPECT_EQ(what("\x28\xb5\x2f\xfd\x24\x05"sv), "zstd");
  EXPECT_EQ(what("\x37\x7a\xbc\xaf\x27\x1c\x00\x04"sv), "7z archive");
  EXPECT_EQ(what("Rar!\x1a\x07\x00\xcf"sv), "rar archive");
  EXPECT_EQ(what("Rar!\x1a\x07\x01\x00"sv), "rar archive");
  EXPECT_EQ(what("\x01\xfe\x8d\x99\x02\x7f"sv), "not an event file");
}

TEST(LooksMangled, SeesWhatHappenedOnTheWay) {
  EXPECT_EQ(LooksMangled(AsBytes("\x01\r\n\x02\r\n\x03\r\n")), "looks like a text-mode transfer");
  EXPECT_EQ(LooksMangled(AsBytes("a\xEF\xBF\xBD b\xEF\xBF\xBD c\xEF\xBF\xBD")), "looks like text conversion");
  EXPECT_EQ(LooksMangled(AsBytes("\x01\n\x02\r\n\x03\r\n")), "");
}

}  // namespace
}  // namespace tensorpane
