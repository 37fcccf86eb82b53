// GIFs, WAVs, peaks and spectra against tests/data/media, which tests/tools/make_media.py wrote with numpy
// and Pillow.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/sha256.h"
#include "media/fft.h"
#include "media/frame_times.h"
#include "media/gif_decoder.h"
#include "media/spectrogram.h"
#include "media/wav.h"

namespace tensorpane {
namespace {

using nlohmann::json;
using namespace std::literals;

std::string Read(const std::string& name) {
  std::ifstream in(std::string(TENSORPANE_TEST_DATA) + "/media/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

json Expected(const std::string& kind) { return json::parse(Read("oracle.json")).at(kind); }

TEST(GifDecoder, FramesAreThoseOfTheOracle) {
  int compared = 0;
  const json gifs = Expected("gifs");
  for (const auto& [name, want] : gifs.items()) {
    SCOPED_TRACE(name);
    const std::string file = Read(name + ".gif");
    GifDecoder gif(AsBytes(file));
    EXPECT_EQ(gif.width(), want["width"]);
    EXPECT_EQ(gif.height(), want["height"]);
    EXPECT_FALSE(gif.cut());
    ASSERT_EQ(gif.frames().size(), want["frames"].size());
    for (size_t i = 0; i < gif.frames().size(); ++i) {
      EXPECT_EQ(gif.frames()[i].delay, want["delays"][i]);
      EXPECT_EQ(Sha256Hex(gif.Frame(i)), want["frames"][i]) << i;
      EXPECT_TRUE(gif.whole()) << i;
      ++compared;
    }
  }
  EXPECT_GT(compared, 20);
}

TEST(GifDecoder, FramesAreTheSameInAnyOrderAndWithoutKeptPictures) {
  std::mt19937 random(1);
  const json gifs = Expected("gifs");
  for (const auto& [name, want] : gifs.items()) {
    SCOPED_TRACE(name);
    const std::string file = Read(name + ".gif");
    for (const size_t kept_bytes : {size_t{0}, size_t{3000}, GifDecoder::kKeptBytes}) {
      GifDecoder gif(AsBytes(file), kept_bytes);
      for (int i = 0; i < 60; ++i) {
        const size_t n = random() % gif.frames().size();
        ASSERT_EQ(Sha256Hex(gif.Frame(n)), want["frames"][n]) << n;
      }
    }
  }
}

TEST(GifDecoder, ACutFileHasTheFramesThatBegan) {
  const std::string file = Read("plain.gif");
  size_t most = 0;
  for (size_t length = 0; length < file.size(); ++length) {
    GifDecoder gif(AsBytes(file).first(length));
    EXPECT_TRUE(gif.cut());
    EXPECT_GE(gif.frames().size(), most);
    most = gif.frames().size();
    for (size_t i = 0; i < most; ++i) gif.Frame(i);
  }
  EXPECT_EQ(most, 3u);
}

TEST(GifDecoder, DamagedDataKeepWhatCameBefore) {
  // 2 x 2, two colours; the code 7 stands for nothing yet.
  const std::string head = "GIF89a\x02\0\x02\0\x80\0\0\x11\x22\x33\x44\x55\x66,\0\0\0\0\x02\0\x02\0\0"s;
  const auto frame = [](const std::string& file) {
    GifDecoder gif(AsBytes(file));
    EXPECT_EQ(gif.frames().size(), 1u);
    const Bytes pixels = gif.Frame(0);
    return std::pair(std::vector<uint8_t>(pixels.begin(), pixels.end()), gif.whole());
  };
  // clear (4), 1, 7, three bits each.
  const auto [damaged, damaged_whole] = frame(head + "\x02\x02\xcc\x01\0;"s);
  EXPECT_FALSE(damaged_whole);
  EXPECT_EQ(std::vector<uint8_t>(damaged.begin(), damaged.begin() + 4),
            (std::vector<uint8_t>{0x44, 0x55, 0x66, 255}));
  EXPECT_EQ(std::vector<uint8_t>(damaged.begin() + 4, damaged.end()), std::vector<uint8_t>(12));
  EXPECT_FALSE(frame(head + "\x0c\x01\0\0;"s).second) << "codes of 13 bits";
}

TEST(GifDecoder, NoColourTableIsNoPicture) {
  const std::string file = "GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;"s;
  GifDecoder gif(AsBytes(file));
  const Bytes pixels = gif.Frame(0);
  EXPECT_EQ(std::vector<uint8_t>(pixels.begin(), pixels.end()), std::vector<uint8_t>(4));
  EXPECT_FALSE(gif.whole());
}

TEST(GifDecoder, AScreenTooLargeIsTold) {
  const std::string file = "GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;"s;
  EXPECT_TRUE(GifDecoder(AsBytes(file)).too_large());
}

TEST(FrameTimes, ShortOnesAreATenth) {
  EXPECT_EQ(FrameTimesOf(AsBytes(Read("delays.gif"))),
            (std::vector<float>{0.1f, 0.1f, 0.02f, 0.1f, 655.35f}));
}

std::string Chunk(const std::string& type, const std::string& content) {
  std::string length = "\0\0\0\0"s;
  length[3] = static_cast<char>(content.size());
  return length + type + content + "CRC!";
}

TEST(FrameTimes, OfPngOnlyWhenItIsAnimated) {
  const auto control = [](const std::string& delay) {
    return Chunk("fcTL", std::string(20, '\0') + delay + "\0\0"s);
  };
  const std::string magic = "\x89PNG\r\n\x1a\n"s, header = Chunk("IHDR", std::string(13, '\0'));
  const std::string end =
      Chunk("IDAT", "x") + control("\0\x03\0\x04"s) + control("\0\x19\0\0"s) + Chunk("IEND", "");
  EXPECT_EQ(FrameTimesOf(AsBytes(magic + header + Chunk("acTL", "\0\0\0\x02\0\0\0\0"s) + end)),
            (std::vector<float>{0.75f, 0.25f}));
  EXPECT_TRUE(FrameTimesOf(AsBytes(magic + header + end)).empty());
}

TEST(FrameTimes, OfWebp) {
  const std::string frame = "ANMF\x11\0\0\0"s + std::string(12, '\0') + "\xe8\x03\0\0\0"s + '\0';
  const std::string file = "RIFF\0\0\0\0WEBP"s + "ANIM\x06\0\0\0"s + std::string(6, '\0') + frame + frame;
  EXPECT_EQ(FrameTimesOf(AsBytes(file)), (std::vector<float>{1, 1}));
}

TEST(Wav, PeaksAreThoseOfNumpy) {
  int compared = 0;
  const json wavs = Expected("wavs");
  for (const auto& [name, want] : wavs.items()) {
    SCOPED_TRACE(name);
    const std::string file = Read(name + ".wav");
    const WavSamples sound(AsBytes(file));
    ASSERT_TRUE(sound.ok());
    EXPECT_EQ(sound.sample_rate(), want["rate"]);
    EXPECT_EQ(sound.channels(), want["channels"]);
    EXPECT_EQ(sound.frames(), want["frames"]);
    for (const json& c : want["peaks"]) {
      const std::vector<float> peaks = PeaksOf(sound, c["channel"], c["from"], c["to"], c["columns"]);
      ASSERT_EQ(peaks.size(), c["values"].size());
      for (size_t i = 0; i < peaks.size(); ++i) {
        EXPECT_FLOAT_EQ(peaks[i], c["values"][i].get<float>()) << c["from"] << " " << i;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 500);
}

TEST(Wav, ACutFileHasTheFramesThatAreThere) {
  const std::string file = Read("s16_2.wav");
  const WavSamples sound(AsBytes(file).first(file.size() - 5));
  EXPECT_EQ(sound.frames(), 698u);
  EXPECT_FALSE(WavSamples(AsBytes(file).first(30)).ok());
}

TEST(Wav, NoWholeFrameIsSilenceFromBeforeItsBeginning) {
  const std::string file = Read("s16_2.wav");
  const WavSamples sound(AsBytes(file).first(file.find("data") + 8 + 3));
  EXPECT_EQ(sound.frames(), 0u);
  EXPECT_EQ(PeaksOf(sound, 0, -5, 5, 1), (std::vector<float>{0, 0}));
}

TEST(Wav, WhatIsNoNumberIsSilence) {
  std::string file = Read("f32_2.wav");
  const float bad[] = {NAN, INFINITY};
  std::memcpy(&file[file.find("data") + 8], bad, sizeof bad);
  const WavSamples sound(AsBytes(file));
  EXPECT_EQ(sound.At(0, 0), 0);
  EXPECT_EQ(sound.At(0, 1), 0);
}

TEST(Wav, SamplesBeyondAnySoundStayNumbers) {
  std::string file = Read("f64_1_extensible.wav");
  const double huge = 1e300;
  std::memcpy(&file[file.find("data") + 8], &huge, sizeof huge);
  const WavSamples sound(AsBytes(file));
  SpectrogramQuery query;
  query.to = 10;
  query.columns = query.bands = 1;
  EXPECT_TRUE(std::isfinite(SpectrogramOf(sound, query)[0]));
  EXPECT_TRUE(std::isfinite(PeaksOf(sound, 0, 0, 10, 1)[1]));
}

TEST(RealFft, IsTheTransformByItsDefinition) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> number(-1, 1);
  for (size_t length = 4; length <= 512; length *= 2) {
    std::vector<double> in(length), power(length / 2 + 1);
    for (double& value : in) value = number(random);
    RealFft(length).Power(in.data(), power.data());
    for (size_t k = 0; k <= length / 2; ++k) {
      std::complex<double> sum;
      for (size_t n = 0; n < length; ++n) {
        sum += in[n] *
               std::polar(1.0, -2 * M_PI * static_cast<double>(k * n % length) / static_cast<double>(length));
      }
      EXPECT_NEAR(power[k], std::norm(sum), 1e-9 * static_cast<double>(length)) << length << " " << k;
    }
  }
}

TEST(Spectrogram, LevelsAreThoseOfNumpy) {
  const json want = Expected("wavs").at("s16_2").at("spectra");
  const std::string file = Read("s16_2.wav");
  const WavSamples sound(AsBytes(file));
  for (const json& c : want) {
    SCOPED_TRACE(c["scale"].get<std::string>() + " " + std::to_string(c["window"].get<int>()));
    SpectrogramQuery query;
    query.from = c["from"];
    query.to = c["to"];
    query.columns = c["columns"];
    query.bands = c["bands"];
    query.window = c["window"];
    query.scale = c["scale"] == "mel"   ? FrequencyScale::kMel
                  : c["scale"] == "log" ? FrequencyScale::kLog
                                        : FrequencyScale::kLinear;
    const std::vector<float> levels = SpectrogramOf(sound, query);
    ASSERT_EQ(levels.size(), c["levels"].size());
    for (size_t i = 0; i < levels.size(); ++i) EXPECT_NEAR(levels[i], c["levels"][i], 2e-3) << i;
  }
}

TEST(Spectrogram, AFullSineIsZeroDecibels) {
  std::string file =
      "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x03\0\x01\0\0\x04\0\0\0\x10\0\0\x04\0\x20\0data\0\x10\0\0"s;
  for (int i = 0; i < 1024; ++i) {
    const auto sample = static_cast<float>(std::sin(2 * M_PI * i / 4));
    file.append(reinterpret_cast<const char*>(&sample), sizeof sample);
  }
  const WavSamples sound(AsBytes(file));
  SpectrogramQuery query;
  query.from = 500;
  query.to = 510;
  query.columns = 1;
  query.bands = 128;
  query.window = 256;
  const std::vector<float> levels = SpectrogramOf(sound, query);
  EXPECT_NEAR(levels[64], 0, 1e-4);
  EXPECT_LT(levels[60], -100);
  query.from = 5000;
  query.to = 6000;
  EXPECT_EQ(SpectrogramOf(sound, query)[64], kSilence);
}

}  // namespace
}  // namespace tensorpane
