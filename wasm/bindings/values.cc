// values.wasm: what payloads hold. It knows no log: whoever asks hands over bytes that the reader has found.
// Its memory is its own, and so is its end, should it run out of it. Its TypeScript face, which describes
// every method, is web/src/engine/values/values_session.ts; the two must say the same.

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/bind_exchange.h"
#include "histograms/distance.h"
#include "histograms/histogram_query.h"
#include "media/gif_decoder.h"
#include "media/spectrogram.h"
#include "media/wav.h"
#include "values/media_value.h"
#include "values/point_value.h"

namespace tensorpane {
namespace {

/// What decoded histograms may take, bytes.
constexpr size_t kMaxHistograms = 384 << 20;
/// All clips that are open take no more than this, bytes.
constexpr uint64_t kMaxClips = 2 * kMaxValueBytes;

/// A GIF or WAV of which frames or sounds are asked for, with its bytes.
struct Clip {
  std::vector<double> bytes;  // as `input_` had them
  uint64_t length = 0;
  std::optional<GifDecoder> gif;
  std::optional<WavSamples> sound;
};

class Values : public Exchange {
 public:
  void value(int storage, bool split, uint32_t length) {
    PointValue value = ReadPointValue(static_cast<Storage>(storage), split, Input(length));
    text_ = std::move(value.facts);
    numbers_ = std::move(value.numbers);
  }
  void content(int storage, bool split, uint32_t length) {
    text_ = ContentOf(static_cast<Storage>(storage), split, Input(length));
  }
  void media(const std::string& plugin, int storage, bool split, uint32_t length) {
    MediaValue value = ReadMediaValue(plugin, static_cast<Storage>(storage), split, Input(length));
    text_ = std::move(value.facts);
    owned_ = std::move(value.joined);
    data_ = AsBytes(owned_);
  }

  void missingHistograms(uint32_t series, uint32_t point_count) {
    numbers_.clear();
    for (uint32_t i = 0; i < point_count; ++i) {
      if (!histograms_.Knows(SeriesId(series), static_cast<uint32_t>(input_[i])))
        numbers_.push_back(input_[i]);
    }
  }
  bool addHistogram(uint32_t series, uint32_t point, int storage, bool split, uint32_t length) {
    return histograms_.Add(SeriesId(series), point, static_cast<Storage>(storage), split, Input(length));
  }
  void histogramFacts(uint32_t series, uint32_t point_count) {
    numbers_.clear();
    AppendHistogramFacts(&histograms_, SeriesId(series), {input_.data(), point_count}, &numbers_);
  }
  void histogramGrid(uint32_t series, uint32_t point_count, uint32_t edge_count, int measure) {
    numbers_.clear();
    const double* const rows = input_.data() + point_count;
    AppendHistogramGrid(&histograms_, SeriesId(series), {input_.data(), point_count}, {rows, point_count},
                        {rows + point_count, edge_count}, static_cast<Measure>(measure), &numbers_);
  }
  void compatibleBins(uint32_t series, uint32_t point_count) {
    numbers_.clear();
    AppendCompatibleBins(&histograms_, SeriesId(series), {input_.data(), point_count}, &numbers_);
  }
  double histogramDistance(uint32_t series_a, uint32_t point_a, uint32_t series_b, uint32_t point_b) {
    const Histogram* const a = histograms_.Find(SeriesId(series_a), point_a);
    const Histogram* const b = histograms_.Find(SeriesId(series_b), point_b);
    return a == nullptr || b == nullptr ? NAN : WassersteinDistance(*a, *b);
  }

  int openClip(bool is_gif, uint32_t length) {
    numbers_.clear();
    uint64_t used = length;
    for (const std::unique_ptr<Clip>& clip : clips_) used += clip ? clip->length : 0;
    if (used > kMaxClips) return -2;
    auto clip = std::make_unique<Clip>();
    clip->bytes.swap(input_);
    clip->length = length;
    const Bytes bytes(reinterpret_cast<const uint8_t*>(clip->bytes.data()), length);
    if (is_gif) {
      const GifDecoder& gif = clip->gif.emplace(bytes);
      if (gif.frames().empty() || gif.too_large()) return -1;
      numbers_ = {double(gif.width()), double(gif.height()), double(gif.frames().size())};
    } else {
      const WavSamples& sound = clip->sound.emplace(bytes);
      if (!sound.ok()) return -1;
      numbers_ = {double(sound.sample_rate()), double(sound.channels()), double(sound.frames())};
    }
    clips_.push_back(std::move(clip));
    return static_cast<int>(clips_.size() - 1);
  }
  void closeClip(uint32_t clip) {
    if (clip < clips_.size()) clips_[clip].reset();
  }
  int stepClip(uint32_t clip, uint32_t frame) {
    data_ = {};
    Clip* const of = FindClip(clip);
    if (of == nullptr || !of->gif) return 2;
    if (!of->gif->Step(frame)) return 0;
    data_ = of->gif->pixels();
    return of->gif->whole() ? 1 : 2;
  }
  void waveform(uint32_t clip, double from, double to, uint32_t columns) {
    floats_.clear();
    Clip* const of = FindClip(clip);
    const uint32_t channels = of == nullptr || !of->sound ? 0 : of->sound->channels();
    for (uint32_t channel = 0; channel < channels; ++channel) {
      const std::vector<float> peaks = PeaksOf(*of->sound, channel, from, to, columns);
      floats_.insert(floats_.end(), peaks.begin(), peaks.end());
    }
    AnswerFloats();
  }
  void spectrogram(uint32_t clip, double from, double to, uint32_t columns, uint32_t bands, int scale,
                   uint32_t window) {
    floats_.clear();
    Clip* const of = FindClip(clip);
    if (of != nullptr && of->sound) {
      floats_ =
          SpectrogramOf(*of->sound, {from, to, columns, bands, static_cast<FrequencyScale>(scale), window});
    }
    AnswerFloats();
  }

 private:
  /// nullptr = it is closed, or none of ours: then there is no answer, and no harm.
  Clip* FindClip(uint32_t clip) const { return clip < clips_.size() ? clips_[clip].get() : nullptr; }

  void AnswerFloats() {
    data_ = {reinterpret_cast<const uint8_t*>(floats_.data()), floats_.size() * sizeof(float)};
  }

  HistogramStore histograms_{kMaxHistograms};
  std::vector<std::unique_ptr<Clip>> clips_;  // null once closed
  std::vector<float> floats_;
};

}  // namespace
}  // namespace tensorpane

EMSCRIPTEN_BINDINGS(values) {
  using tensorpane::Values;
  tensorpane::BindExchange();
  emscripten::class_<Values, emscripten::base<tensorpane::Exchange>>("Values")
      .constructor<>()
      .function("value", &Values::value)
      .function("content", &Values::content)
      .function("media", &Values::media)
      .function("missingHistograms", &Values::missingHistograms)
      .function("addHistogram", &Values::addHistogram)
      .function("histogramFacts", &Values::histogramFacts)
      .function("histogramGrid", &Values::histogramGrid)
      .function("compatibleBins", &Values::compatibleBins)
      .function("histogramDistance", &Values::histogramDistance)
      .function("openClip", &Values::openClip)
      .function("closeClip", &Values::closeClip)
      .function("stepClip", &Values::stepClip)
      .function("waveform", &Values::waveform)
      .function("spectrogram", &Values::spectrogram);
}
