#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "event_bytes.h"
#include "events/wire.h"
#include "media/audio_info.h"
#include "media/image_info.h"
#include "media/mime.h"
#include "read_bytes.h"

namespace tensorpane {
namespace {

using testing::Raw;
using testing::ReadBytes;
using namespace std::literals;

// ---------------------------------------------------------------- real logs

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Content of all bytes fields `number` of a message, in order.
std::vector<std::string> Fields(const std::string& message, uint32_t number) {
  WholeRecord record(AsBytes(message));
  Cursor<WholeRecord> cursor(record, 0, message.size());
  std::vector<std::string> found;
  for (Field field; cursor.Next(&field);) {
    if (field.number == number && field.type == WireType::kBytes)
      found.push_back(message.substr(field.offset, field.length));
  }
  return found;
}

std::string Last(const std::vector<std::string>& fields) { return fields.empty() ? "" : fields.back(); }

/// The encoded images or sounds of one point.
std::vector<std::string> MediaAt(std::string payload, const BlobRef& blob) {
  const auto storage = static_cast<Storage>(blob.storage);
  if (blob.split) {  // parts of a message, one behind the other, are the message
    std::string joined;
    for (const std::string& part : Fields(payload, storage == Storage::kImage   ? 4
                                                   : storage == Storage::kAudio ? 6
                                                                                : 8))
      joined += part;
    payload = joined;
  }
  if (storage == Storage::kImage || storage == Storage::kAudio) return {Last(Fields(payload, 4))};
  return Fields(payload, 8);
}

/// Whether the tensor is a column of sounds beside a column of labels.
bool HasLabels(const std::string& tensor) {
  const std::vector<std::string> dims = Fields(Last(Fields(tensor, 2)), 2);
  return dims.size() == 2 && dims[1] == "\x08\x02";
}

struct Counts {
  int images = 0, sounds = 0;
};

/// Compares with what Pillow, Python's wave and libsndfile say. Where they refused ("error"), any answer
/// goes.
void ExpectSame(const nlohmann::json& want, const std::string& bytes, bool is_image, Counts* counts) {
  ASSERT_EQ(want["bytes"], bytes.size());
  if (is_image) {
    const ImageInfo info = ReadImageInfo(AsBytes(bytes));
    ++counts->images;
    EXPECT_EQ(want["mime"], info.mime ? nlohmann::json(*info.mime) : nlohmann::json());
    if (want.contains("error")) return;
    EXPECT_FALSE(info.error);
    EXPECT_EQ(want["width"], info.width);
    EXPECT_EQ(want["height"], info.height);
    EXPECT_EQ(want["frames"], info.frames);
  } else {
    const AudioInfo info = ReadAudioInfo(AsBytes(bytes));
    ++counts->sounds;
    EXPECT_EQ(want["mime"], info.mime ? nlohmann::json(*info.mime) : nlohmann::json());
    if (want.contains("error")) return;
    EXPECT_FALSE(info.error);
    EXPECT_EQ(want["sample_rate"], info.sample_rate);
    EXPECT_EQ(want["channels"], info.channels);
    EXPECT_EQ(want["frames"], info.frames);
  }
}

Counts CompareCase(const std::string& name) {
  Counts counts;
  const std::filesystem::path base = std::filesystem::path(TENSORPANE_TEST_DATA) / name;
  const nlohmann::json expected = nlohmann::json::parse(ReadFile(base / "expected.json"));
  for (const nlohmann::json& run : expected["runs"]) {
    const std::string run_name = run["run"];
    Log log(size_t{1} << 30);
    std::vector<std::string> files;
    for (const nlohmann::json& file : run["files"]) {
      files.push_back(ReadFile(base / "logs" / run_name / file["name"]));
      ReadBytes(&log, run_name, files.back());
    }
    for (const auto& [name_of_tag, want] : run["tags"].items()) {
      const std::string& tag = name_of_tag;  // a structured binding cannot be captured
      const bool is_image = want["plugin_name"] == "images";
      if (!is_image && want["plugin_name"] != "audio") continue;
      SCOPED_TRACE(name + " " + run_name + " " + tag);
      const auto series = std::find_if(log.series().begin(), log.series().end(),
                                       [&](const Series& s) { return log.tag(s.tag) == tag; });
      EXPECT_NE(series, log.series().end());
      if (series == log.series().end()) continue;
      EXPECT_EQ(series->points.size(), want["values"].size());
      for (uint32_t i = 0; i < series->points.size(); ++i) {
        const nlohmann::json& value = want["values"].at(i);
        if (!value.is_array()) continue;  // no tensor of strings
        const BlobRef blob = series->points.blob(i);
        const std::string payload = files[Index(blob.file)].substr(blob.offset, blob.length());
        std::vector<std::string> media = MediaAt(payload, blob);
        if (static_cast<Storage>(blob.storage) == Storage::kTensor) {
          if (is_image) {  // width and height stand first
            media.erase(media.begin(), media.begin() + 2);
          } else if (HasLabels(payload)) {
            for (size_t j = 1; j < media.size(); ++j) media.erase(media.begin() + j);
          }
        }
        EXPECT_EQ(media.size(), value.size());
        for (size_t j = 0; j < std::min(media.size(), value.size()); ++j)
          ExpectSame(value[j], media[j], is_image, &counts);
      }
    }
  }
  return counts;
}

TEST(MediaInfo, EveryImageAndSoundOfRealLogsIsAsItsOracleSays) {
  struct Case {
    const char* name;
    int images, sounds;
  };
  for (const Case& c :
       {Case{"torch_all", 48, 5}, Case{"tbx_all", 26, 4}, Case{"tf_summaries", 40, 15},
        Case{"tf1_compat", 208, 54}, Case{"keras_digits", 48, 0}, Case{"edge_values", 38, 17}}) {
    const Counts counts = CompareCase(c.name);
    EXPECT_EQ(counts.images, c.images) << c.name;
    EXPECT_EQ(counts.sounds, c.sounds) << c.name;
  }
}

/// The values of tag "x" in a case of edge_damaged: the damaged one is there.
std::string DamagedMedium(const std::string& name) {
  const auto directory = std::filesystem::path(TENSORPANE_TEST_DATA) / "edge_damaged/logs" / name;
  const std::string file = ReadFile(std::filesystem::directory_iterator(directory)->path());
  Log log(1 << 20);
  ReadBytes(&log, ".", file);
  for (const Series& series : log.series()) {
    if (log.tag(series.tag) != "x") continue;
    const BlobRef blob = series.points.blob(0);
    return MediaAt(file.substr(blob.offset, blob.length()), blob).at(0);
  }
  ADD_FAILURE() << name;
  return {};
}

TEST(MediaInfo, DamagedImagesSayWhatTheirHeaderSays) {
  struct Case {
    const char* name;
    uint32_t width, height, frames;
    bool error;
  };
  // As Pillow 13 judges them; of what it refuses we still tell the size.
  for (const Case& c :
       {Case{"payload_png_garbage", 0, 0, 0, true}, Case{"payload_png_cut", 16, 12, 1, true},
        Case{"payload_png_bad_crc", 16, 12, 1, false}, Case{"payload_png_empty", 0, 0, 0, true},
        Case{"payload_png_signature_only", 0, 0, 0, true}, Case{"payload_png_bomb", 13000, 13000, 1, false},
        Case{"payload_image_is_html", 0, 0, 0, true}}) {
    const std::string bytes = DamagedMedium(c.name);
    const ImageInfo info = ReadImageInfo(AsBytes(bytes));
    EXPECT_EQ(info.width, c.width) << c.name;
    EXPECT_EQ(info.height, c.height) << c.name;
    EXPECT_EQ(info.frames, c.frames) << c.name;
    EXPECT_EQ(info.error, c.error) << c.name;
  }
}

TEST(MediaInfo, DamagedSoundsSayWhatTheirHeaderSays) {
  const std::string cut = DamagedMedium("payload_audio_cut");
  const AudioInfo info = ReadAudioInfo(AsBytes(cut));
  EXPECT_FALSE(info.error);  // 32 frames are there, 128 promised: Python's wave says 128
  EXPECT_EQ(info.sample_rate, 8000u);
  EXPECT_EQ(info.channels, 1u);
  EXPECT_EQ(info.frames, 128u);
  EXPECT_TRUE(ReadAudioInfo(AsBytes(DamagedMedium("payload_audio_garbage"))).error);
  EXPECT_TRUE(ReadAudioInfo({}).error);
}

// ---------------------------------------------------------------- bytes by hand

/// The last `size` bytes of a number, the first first.
std::string Big(uint64_t value, int size) {
  std::string out;
  while (size-- > 0) out += static_cast<char>(value >> 8 * size & 255);
  return out;
}
std::string Little(uint64_t value, size_t size) { return Raw(value).substr(0, size); }

ImageInfo Image(const std::string& bytes) {
  // A copy of just that size: the sanitizer sees a read beyond it.
  const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
  return ReadImageInfo(exact);
}

AudioInfo Sound(const std::string& bytes) {
  const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
  return ReadAudioInfo(exact);
}

/// A chunk of a PNG whose CRC-32, taken bit by bit, is right.
std::string Chunk(const std::string& type, const std::string& content) {
  uint32_t crc = UINT32_MAX;
  for (const char c : type + content) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1 ? 0xEDB88320 : 0) ^ crc >> 1;
  }
  return Big(content.size(), 4) + type + content + Big(~crc, 4);
}

const std::string kPngStart =
    "\x89PNG\r\n\x1a\n"s + Chunk("IHDR", Big(300, 4) + Big(20, 4) + "\x08\x02\0\0\0"s);
const std::string kPngEnd = Chunk("IDAT", "pixels") + Chunk("IEND", "");
std::string FrameControl() { return Chunk("fcTL", std::string(26, '\0')); }

std::string JpegSegment(int marker, const std::string& content) {
  return '\xff' + Big(marker, 1) + Big(content.size() + 2, 2) + content;
}
std::string JpegFrame(int marker, int bits = 8, int components = 3) {
  return JpegSegment(marker, Big(bits, 1) + Big(20, 2) + Big(300, 2) + Big(components, 1) +
                                 std::string(3 * components, 'c'));
}
const std::string kJpegStart = "\xff\xd8"s + JpegSegment(0xE0, "JFIF\0\x01\x02\0\0\x01\0\x01\0\0"s);
const std::string kJpegScan = JpegSegment(0xDA, "scan") + "data\xff\xd9";

std::string GifScreen(int flags = 0) {
  return "GIF89a" + Little(300, 2) + Little(20, 2) + Big(flags, 1) + "\0\0"s +
         (flags & 0x80 ? std::string(3 << ((flags & 7) + 1), ',') : "");
}
std::string GifFrame(int flags = 0, int width = 300) {
  return "," + Little(0, 4) + Little(width, 2) + Little(20, 2) + Big(flags, 1) +
         (flags & 0x80 ? std::string(3 << ((flags & 7) + 1), ',') : "") + "\x02\x03,,,\x01;\0"s;
}
const std::string kGifDelay = "!\xf9\x04\0\x0a\0\0\0"s;

std::string Bmp(uint32_t header_size, int32_t height, int bits = 24, int compression = 0) {
  std::string header =
      header_size == 12 ? Little(300, 2) + Raw(static_cast<int16_t>(height)) + "\x01\0"s + Little(bits, 2)
                        : Little(300, 4) + Raw(height) + "\x01\0"s + Little(bits, 2) + Little(compression, 4);
  header.resize(header_size - 4);
  return "BM" + std::string(12, '\0') + Little(header_size, 4) + header;
}

std::string RiffChunk(const std::string& type, const std::string& content) {
  return type + Little(content.size(), 4) + content + std::string(content.size() & 1, '\0');
}
std::string Riff(const std::string& form, const std::string& chunks) {
  return RiffChunk("RIFF", form + chunks);
}
const std::string kLossy =
    RiffChunk("VP8 ", "\0\0\0\x9d\x01\x2a"s + Little(300 | 1 << 14, 2) + Little(20, 2) + "d");
const std::string kLossless = RiffChunk("VP8L", "\x2f"s + Little(299 | 19 << 14, 4));
std::string Extended(int flags) {
  return RiffChunk("VP8X", Little(flags, 4) + Little(299, 3) + Little(19, 3));
}

struct TiffForm {
  bool big_endian;
  bool big;  // BigTIFF
  std::string Number(uint64_t value, int size) const {
    return big_endian ? Big(value, size) : Little(value, static_cast<size_t>(size));
  }
  std::string Offset(uint64_t value) const { return Number(value, big ? 8 : 4); }
  std::string Start() const {
    return (big_endian ? "MM" : "II") + Number(big ? 43 : 42, 2) + (big ? Number(8, 2) + Number(0, 2) : "") +
           Offset(big ? 16 : 8);
  }
  std::string Entry(int tag, int type, uint32_t value) const {
    std::string inline_value = Number(value, type == 3 ? 2 : 4);
    inline_value.resize(big ? 8 : 4);
    return Number(tag, 2) + Number(type, 2) + Offset(1) + inline_value;
  }
  std::string Directory(const std::vector<std::string>& entries, uint64_t next) const {
    std::string out = Number(entries.size(), big ? 8 : 2);
    for (const std::string& entry : entries) out += entry;
    return out + Offset(next);
  }
};

void ExpectImage(const std::string& bytes, std::optional<std::string_view> mime, uint32_t frames = 1) {
  const ImageInfo info = Image(bytes);
  EXPECT_EQ(info.mime, mime);
  EXPECT_EQ(info.width, 300u);
  EXPECT_EQ(info.height, 20u);
  EXPECT_EQ(info.frames, frames);
  EXPECT_FALSE(info.error);
}

TEST(ImageInfo, Png) {
  ExpectImage(kPngStart + kPngEnd, "image/png");
  ExpectImage(kPngStart + Chunk("tEXt", "words") + kPngEnd, "image/png");
  const std::string animation = Chunk("acTL", Big(7, 4) + Big(0, 4));
  ExpectImage(kPngStart + animation + FrameControl() + kPngEnd, "image/png", 7);
  // The default image stands alone, before the animation.
  ExpectImage(kPngStart + animation + kPngEnd + FrameControl(), "image/png", 8);
  // No animation after the pixels, or of a number of frames that PNG has not.
  ExpectImage(kPngStart + kPngEnd + animation, "image/png");
  ExpectImage(kPngStart + Chunk("acTL", Big(0, 4) + Big(0, 4)) + kPngEnd, "image/png");
  ExpectImage(kPngStart + Chunk("acTL", Big(UINT32_MAX, 4) + Big(0, 4)) + kPngEnd, "image/png");
}

TEST(ImageInfo, ADamagedPngIsAnError) {
  for (const size_t at : {size_t{17}, kPngStart.size() + 9}) {  // in IHDR, in tEXt
    std::string bytes = kPngStart + Chunk("tEXt", "words") + kPngEnd;
    bytes[at] ^= 1;
    EXPECT_TRUE(Image(bytes).error);
  }
  EXPECT_TRUE(Image("\x89PNG\r\n\x1a\n"s + Chunk("IHDR", "short") + kPngEnd).error);
  EXPECT_TRUE(Image("\x89PNG\r\n\x1a\n"s + kPngEnd).error);
  EXPECT_TRUE(Image(kPngStart + "\xff\xff\xff\xfftEXt").error);
  EXPECT_TRUE(Image("\x89PNG\r\n\x1a\n"s + Chunk("IHDR", std::string(13, '\0')) + kPngEnd).error);
}

TEST(ImageInfo, JpegOfEveryProcess) {
  for (const int marker : {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}) {
    for (const int components : {1, 3, 4})
      ExpectImage(kJpegStart + JpegFrame(marker, 8, components) + kJpegScan, "image/jpeg");
  }
  // Fill bytes, junk and other segments, also those whose number looks like a frame's.
  ExpectImage(kJpegStart + "\xff\xff"s + JpegSegment(0xC4, "a table that is long") + "junk\xff\0"s +
                  JpegSegment(0xFE, "\xff\xc0 in a comment") + JpegFrame(0xC0) + kJpegScan + JpegFrame(0xC0),
              "image/jpeg");
}

TEST(ImageInfo, AJpegThatNobodyDecodesHasASizeAndAnError) {
  for (const std::string& frame : {JpegFrame(0xC1, 12), JpegFrame(0xC0, 8, 2)}) {
    const ImageInfo info = Image(kJpegStart + frame + kJpegScan);
    EXPECT_EQ(info.width, 300u);
    EXPECT_EQ(info.height, 20u);
    EXPECT_TRUE(info.error);
  }
  EXPECT_TRUE(Image(kJpegStart + kJpegScan + JpegFrame(0xC0)).error);
  EXPECT_TRUE(Image(kJpegStart + JpegSegment(0xC0, "short") + kJpegScan).error);
  EXPECT_TRUE(Image(kJpegStart + "\xff\x02" + JpegFrame(0xC0) + kJpegScan).error);
}

TEST(ImageInfo, GifFramesAreCounted) {
  const std::string comment = "!\xfe\x05,,;;!\0"s;
  ExpectImage(GifScreen() + GifFrame() + ";", "image/gif");
  ExpectImage(
      GifScreen(0x81) + comment + kGifDelay + GifFrame(0x82) + kGifDelay + GifFrame() + ";" + GifFrame(),
      "image/gif", 2);
  ExpectImage(GifScreen() + GifFrame() + "\0"s + GifFrame(), "image/gif", 2);  // junk, and no end
  EXPECT_EQ(Image(GifScreen() + GifFrame(0, 400) + ";").width, 400u);
  EXPECT_EQ(Image(GifScreen() + GifFrame() + GifFrame(0, 400) + ";").width, 300u);
  EXPECT_TRUE(Image(GifScreen() + ";" + GifFrame()).error);
  EXPECT_TRUE(Image("GIF88a" + GifScreen().substr(6) + GifFrame() + ";").error);
}

TEST(ImageInfo, Bmp) {
  for (const uint32_t header : {12, 40, 52, 56, 64, 108, 124}) ExpectImage(Bmp(header, 20), "image/bmp");
  ExpectImage(Bmp(40, -20), "image/bmp");
  EXPECT_EQ(Image(Bmp(40, INT32_MIN)).height, 1u << 31);
  for (const std::string& bytes : {Bmp(40, 20, 7), Bmp(40, 20, 24, 4), Bmp(41, 20),
                                   "BM" + std::string(100, '\0'), "BM" + std::string(100, '\xff')})
    EXPECT_TRUE(Image(bytes).error);
}

TEST(ImageInfo, WebpOfEveryKind) {
  ExpectImage(Riff("WEBP", kLossy), "image/webp");
  ExpectImage(Riff("WEBP", kLossless), "image/webp");
  ExpectImage(Riff("WEBP", Extended(0x10) + RiffChunk("ALPH", "odd") + kLossy), "image/webp");
  const std::string frame = RiffChunk("ANMF", std::string(16, '\0') + kLossy);
  ExpectImage(Riff("WEBP", Extended(2) + RiffChunk("ANIM", "sixbyt") + frame + frame + frame), "image/webp",
              3);
  ExpectImage(Riff("WEBP", kLossy) + "more", "image/webp");
  for (const std::string& bytes :
       {Riff("WEBP", ""), Riff("WEBP", Extended(2)), Riff("WEBP", RiffChunk("VP8L", "\x2e\0\0\0\0"s)),
        Riff("WEBP", RiffChunk("VP8 ", std::string(10, '\0'))), Riff("WEBP", "VP8L\xff\xff\xff\xff/abcd")})
    EXPECT_TRUE(Image(bytes).error);
}

TEST(ImageInfo, TiffInBothByteOrdersAndWidths) {
  for (const TiffForm form :
       {TiffForm{false, false}, TiffForm{true, false}, TiffForm{false, true}, TiffForm{true, true}}) {
    const std::string start = form.Start();
    const std::vector<std::string> entries = {form.Entry(256, 3, 300), form.Entry(257, 4, 20)};
    const size_t length = form.Directory(entries, 0).size();
    ExpectImage(start + form.Directory(entries, 0), std::nullopt);
    // Three pages, the second of which stands last.
    const std::vector<std::string> other = {form.Entry(256, 3, 1), form.Entry(257, 3, 1)};
    ExpectImage(start + form.Directory(entries, start.size() + 2 * length) + form.Directory(other, 0) +
                    form.Directory(other, start.size() + length),
                std::nullopt, 3);
    const std::vector<std::string> turned = {form.Entry(256, 3, 20), form.Entry(257, 3, 300),
                                             form.Entry(274, 3, 6)};
    ExpectImage(start + form.Directory(turned, 0), std::nullopt);
    EXPECT_TRUE(Image(start + form.Directory(entries, start.size())).error);  // goes round
    EXPECT_TRUE(Image(start + form.Directory(entries, UINT32_MAX)).error);
    EXPECT_TRUE(Image(start + form.Directory({entries[0]}, 0)).error);
    EXPECT_TRUE(Image(start + form.Directory({}, 0)).error);
    EXPECT_TRUE(Image(start + form.Number(UINT64_MAX, form.big ? 8 : 2)).error);
  }
}

const std::string kVorbisHead = "\x01vorbis\0\0\0\0\x02"s + Little(44100, 4) + std::string(14, '\0');
std::string OpusHead(uint32_t rate) {
  return "OpusHead\x01\x02" + Little(312, 2) + Little(rate, 4) + "\0\0\0"s;
}
std::string Page(uint64_t granule, const std::string& content, uint32_t serial = 5) {
  return "OggS\0\0"s + Little(granule, 8) + Little(serial, 4) + std::string(8, '\0') +
         Big(content.size() / 255 + 1, 1) + std::string(content.size() / 255, '\xff') +
         Big(content.size() % 255, 1) + content;
}

std::string WavFormat(int format, int channels, int bits, const std::string& more = "") {
  const int block = channels * bits / 8;
  return RiffChunk("fmt ", Little(format, 2) + Little(channels, 2) + Little(8000, 4) +
                               Little(8000 * block, 4) + Little(block, 2) + Little(bits, 2) + more);
}
std::string Wav(int format, int channels, int bits, size_t frames, const std::string& more = "") {
  return Riff("WAVE", WavFormat(format, channels, bits, more) + RiffChunk("LIST", "odd") +
                          RiffChunk("data", std::string(frames * channels * bits / 8, 's')));
}

std::string Flac(uint64_t frames, int block_type = 0) {
  return "fLaC" + Big(block_type, 1) + Big(34, 3) + std::string(10, '\0') +
         Big(uint64_t{96000} << 44 | uint64_t{5} << 41 | uint64_t{15} << 36 | frames, 8) +
         std::string(16, '\0');
}

/// 128 kbit/s at 44100 Hz, joint stereo, MPEG 1 layer III: 417 bytes for 1152 samples.
std::string Mp3Frame(const std::string& tag = "") {
  std::string frame = "\xff\xfb\x90\x64"s + std::string(32, '\0') + tag;
  frame.resize(417);
  return frame;
}
std::string Id3(size_t size) {
  return "ID3\x04\0\0"s + Big(size >> 7, 3) + Big(size & 127, 1) + std::string(size, 'i');
}

void ExpectSound(const std::string& bytes, std::string_view mime, uint32_t rate, uint32_t channels,
                 uint64_t frames) {
  const AudioInfo info = Sound(bytes);
  EXPECT_EQ(info.mime, mime);
  EXPECT_EQ(info.sample_rate, rate);
  EXPECT_EQ(info.channels, channels);
  EXPECT_EQ(info.frames, frames);
  EXPECT_FALSE(info.error);
}

TEST(AudioInfo, WavOfEveryFormat) {
  for (const int bits : {8, 16, 24, 32}) ExpectSound(Wav(1, 3, bits, 7), "audio/wav", 8000, 3, 7);
  for (const int bits : {32, 64}) ExpectSound(Wav(3, 3, bits, 7, "\0\0"s), "audio/wav", 8000, 3, 7);
  ExpectSound(Wav(7, 3, 8, 7), "audio/wav", 8000, 3, 7);
  ExpectSound(Wav(0xFFFE, 3, 24, 7, std::string(24, 'x')), "audio/wav", 8000, 3, 7);
  ExpectSound(Wav(1, 1, 16, 0), "audio/wav", 8000, 1, 0);
  // A writer that never came back to fill in the sizes.
  ExpectSound("RIFF\xff\xff\xff\xffWAVE" + WavFormat(1, 1, 16) + "data\xff\xff\xff\xff", "audio/wav", 8000, 1,
              0x7FFFFFFF);
}

TEST(AudioInfo, AWavWithoutLengthIsAnError) {
  const std::string data = RiffChunk("data", "data");
  for (const std::string& chunks :
       {data, WavFormat(1, 1, 16), data + WavFormat(1, 1, 16), WavFormat(1, 0, 16) + data,
        WavFormat(1, 1, 0) + data, WavFormat(3, 1, 0) + data, RiffChunk("fmt ", "short") + data,
        "fmt \xff\xff\xff\xff"s + data})
    EXPECT_TRUE(Sound(Riff("WAVE", chunks)).error);
  const AudioInfo compressed = Sound(Wav(2, 2, 16, 9));
  EXPECT_TRUE(compressed.error);
  EXPECT_EQ(compressed.sample_rate, 8000u);
  EXPECT_EQ(compressed.channels, 2u);
}

TEST(AudioInfo, Flac) {
  ExpectSound(Flac((uint64_t{1} << 36) - 1), "audio/flac", 96000, 6, (uint64_t{1} << 36) - 1);
  EXPECT_TRUE(Sound(Flac(0)).error);     // unknown
  EXPECT_TRUE(Sound(Flac(9, 4)).error);  // begins with a comment
}

TEST(AudioInfo, OggLengthIsThePositionOfTheLastPage) {
  ExpectSound(Page(0, kVorbisHead) + Page(0, std::string(600, 'b')) + Page(1000, "sound") +
                  Page(UINT64_MAX, "part") + Page(5000, std::string(255, 's')),
              "audio/ogg", 44100, 2, 5000);
  // Another stream, and a page that is cut.
  ExpectSound(
      Page(0, kVorbisHead) + Page(7000, "sound") + Page(9000, "other", 6) + Page(8000, "sound").substr(0, 30),
      "audio/ogg", 44100, 2, 7000);
  const std::string opus = Page(48000 + 312, "sound");
  ExpectSound(Page(0, OpusHead(48000)) + opus, "audio/ogg", 48000, 2, 48000);
  ExpectSound(Page(0, OpusHead(0)) + opus, "audio/ogg", 48000, 2, 48000);
  ExpectSound(Page(0, OpusHead(44100)) + opus, "audio/ogg", 48000, 2, 48000);
  ExpectSound(Page(0, OpusHead(16000)) + opus, "audio/ogg", 16000, 2, 16000);
  ExpectSound(Page(0, OpusHead(1)) + opus, "audio/ogg", 8000, 2, 8000);
  ExpectSound(Page(0, OpusHead(8000)) + Page(100, "shorter than the pre-skip"), "audio/ogg", 8000, 2, 0);
  EXPECT_TRUE(Sound(Page(0, "\x80theora, a video that is long enough")).error);
  EXPECT_TRUE(Sound(Page(0, kVorbisHead) + Page(uint64_t{1} << 63, "sound")).error);
}

TEST(AudioInfo, Mp3) {
  const std::string three = Mp3Frame() + Mp3Frame() + Mp3Frame();
  ExpectSound(three, "audio/mpeg", 44100, 2, 3 * 1152);
  ExpectSound(Id3(1000) + three + "TAG and so on", "audio/mpeg", 44100, 2, 3 * 1152);
  ExpectSound(three.substr(0, 3 * 417 - 1), "audio/mpeg", 44100, 2, 2 * 1152);
  // Frames, bytes, table and quality; then what LAME added: 576 samples before, 1000 behind.
  const std::string tag = Big(15, 4) + Big(50, 4) + std::string(108, '\0') + "LAME3.100" +
                          std::string(12, '\0') + Big(576 << 12 | 1000, 3);
  for (const char* name : {"Xing", "Info"})
    ExpectSound(Mp3Frame(name + tag) + three, "audio/mpeg", 44100, 2, 50 * 1152 - 1576);
  ExpectSound(Mp3Frame("Xing" + Big(1, 4) + Big(50, 4)) + three, "audio/mpeg", 44100, 2, 50 * 1152);
  // MPEG 2 layer III mono, 22050 Hz, 64 kbit/s: 208 bytes for 576 samples. MPEG 1 layer II, 48 kHz, 32
  // kbit/s.
  std::string half = "\xff\xf3\x80\xc0";
  half.resize(208);
  ExpectSound(half + half, "audio/mpeg", 22050, 1, 2 * 576);
  std::string second = "\xff\xfd\x14\0"s;
  second.resize(96);
  ExpectSound(second + second, "audio/mpeg", 48000, 2, 2 * 1152);
}

TEST(AudioInfo, ElevenBitsAreNoMp3) {
  EXPECT_EQ(Sound(Mp3Frame() + "something else").mime, std::nullopt);
  for (const std::string& header : {"\xff\xfb\x00\x64"s, "\xff\xfb\xf0\x64"s, "\xff\xfb\x9c\x64"s,
                                    "\xff\xeb\x90\x64"s, "\xff\xf9\x90\x64"s, "\xff\xdb\x90\x64"s})
    EXPECT_TRUE(Sound(header + std::string(2000, '\0')).error);
  EXPECT_TRUE(Sound(Id3(10) + "no frame").error);
  EXPECT_TRUE(Sound("ID3\x04\0\0\x7f\x7f\x7f\x7f"s).error);
}

TEST(MediaInfo, TypesByTheirFirstBytes) {
  using Named = std::pair<std::string, const char*>;
  for (const auto& [bytes, mime] :
       {Named{"<svg xmlns", "image/svg+xml"}, Named{"<?xml version", "image/svg+xml"},
        Named{"\0\0\0\x1c"
              "ftypavif"s,
              "image/avif"},
        Named{"\0\0\0\x1c"
              "ftypavis"s,
              "image/avif"},
        Named{"\0\0\0\x1c"
              "ftypisom"s,
              "video/mp4"},
        Named{"\x1a\x45\xdf\xa3", "video/webm"}}) {
    const ImageInfo info = Image(bytes);
    EXPECT_EQ(info.mime, mime);
    EXPECT_TRUE(info.error);  // its size is not read
    EXPECT_TRUE(Sound(bytes).error);
    for (size_t length = 0; length < 3; ++length)
      EXPECT_EQ(Image(bytes.substr(0, length)).mime, std::nullopt);
  }
  EXPECT_EQ(Image("RIFF\4\0\0\0AVI ").mime, std::nullopt);
  EXPECT_EQ(Image("RIFF").mime, std::nullopt);
}

// ---------------------------------------------------------------- hostile bytes

std::vector<std::string> OneOfEach() {
  const TiffForm little{false, false}, big{true, true};
  return {kPngStart + Chunk("acTL", Big(7, 4) + Big(0, 4)) + FrameControl() + kPngEnd,
          kJpegStart + JpegFrame(0xC2) + kJpegScan,
          GifScreen(0x81) + kGifDelay + GifFrame(0x82) + GifFrame() + ";",
          Bmp(12, 20),
          Bmp(124, 20),
          Riff("WEBP", kLossy),
          Riff("WEBP", kLossless),
          Riff("WEBP", Extended(2) + RiffChunk("ANMF", kLossy) + RiffChunk("ANMF", kLossy)),
          little.Start() + little.Directory({little.Entry(256, 3, 300), little.Entry(257, 4, 20)}, 0),
          big.Start() + big.Directory({big.Entry(256, 3, 300), big.Entry(257, 4, 20)}, 0),
          Wav(1, 2, 16, 3),
          Flac(9),
          Page(0, kVorbisHead) + Page(10, "sound"),
          Page(0, OpusHead(8000)) + Page(4000, "sound"),
          Id3(5) + Mp3Frame("Xing" + Big(15, 4) + Big(50, 4)) + Mp3Frame()};
}

TEST(MediaInfo, EveryTruncationIsSafeAndOnlyLosesKnowledge) {
  for (const std::string& bytes : OneOfEach()) {
    const ImageInfo image = Image(bytes);
    const AudioInfo sound = Sound(bytes);
    EXPECT_TRUE(!image.error || !sound.error);
    for (size_t length = 0; length < bytes.size(); ++length) {
      const ImageInfo cut = Image(bytes.substr(0, length));
      EXPECT_TRUE(cut.width == 0 || cut.width == image.width) << length;
      EXPECT_TRUE(cut.height == 0 || cut.height == image.height) << length;
      EXPECT_LE(cut.frames, std::max(image.frames, 1u)) << length;
      const AudioInfo cut_sound = Sound(bytes.substr(0, length));
      EXPECT_TRUE(cut_sound.sample_rate == 0 || cut_sound.sample_rate == sound.sample_rate) << length;
      EXPECT_LE(cut_sound.frames, std::max<uint64_t>(sound.frames, 2 * 1152)) << length;
    }
  }
}

TEST(MediaInfo, DamageOfAnyKindIsSafe) {
  std::mt19937 random(4);
  for (const std::string& bytes : OneOfEach()) {
    for (int round = 0; round < 3000; ++round) {
      std::string damaged = bytes;
      for (unsigned i = 0; i <= random() % 3; ++i)
        damaged[random() % damaged.size()] = static_cast<char>(random() % 3 == 0 ? 0xFF : random());
      Image(damaged);
      Sound(damaged);
    }
  }
}

}  // namespace
}  // namespace tensorpane
