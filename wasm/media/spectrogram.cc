#include "media/spectrogram.h"

#include <algorithm>
#include <cmath>

#include "media/fft.h"

namespace tensorpane {
namespace {

constexpr double kMostWindows = 16;

/// Mel of O'Shaughnessy (1987), as HTK has it.
double ToMel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double FromMel(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

/// The frequency at `part` (0 to 1) of the way up to `highest` Hz, in bins of the transform, of which there
/// are `bins` up to there.
double PlaceOf(FrequencyScale scale, double part, double highest, double bins) {
  switch (scale) {
    case FrequencyScale::kLinear:
      break;
    case FrequencyScale::kMel:
      return FromMel(part * ToMel(highest)) / highest * bins;
    case FrequencyScale::kLog:
      return bins * std::pow(1000, part - 1);
  }
  return part * bins;
}

/// The bins [first, last); if there are none, the place between two of them.
struct Band {
  size_t first, last;
  double at;
};

std::vector<Band> BandsOf(const SpectrogramQuery& query, double highest) {
  const double bins = query.window / 2;
  const auto place = [&](double band) { return PlaceOf(query.scale, band / query.bands, highest, bins); };
  std::vector<Band> bands;
  for (uint32_t i = 0; i < query.bands; ++i) {
    const double last = i + 1 == query.bands ? bins + 1 : std::ceil(place(i + 1));
    bands.push_back({static_cast<size_t>(std::ceil(place(i))), static_cast<size_t>(std::min(bins + 1, last)),
                     std::min(bins, place(i + 0.5))});
  }
  return bands;
}

double PowerOf(const Band& band, const std::vector<double>& power) {
  if (band.first < band.last) {
    return *std::max_element(power.begin() + static_cast<ptrdiff_t>(band.first),
                             power.begin() + static_cast<ptrdiff_t>(band.last));
  }
  const auto below = static_cast<size_t>(band.at);
  const double part = band.at - static_cast<double>(below);
  return power[below] * (1 - part) + power[std::min(below + 1, power.size() - 1)] * part;
}

/// The mean of all channels; beyond the sound 0.
double SampleAt(const WavSamples& sound, double frame) {
  if (!(frame >= 0) || !(frame < static_cast<double>(sound.frames()))) return 0;
  double sum = 0;
  for (uint32_t channel = 0; channel < sound.channels(); ++channel) {
    sum += sound.At(static_cast<uint64_t>(frame), channel);
  }
  return sum / sound.channels();
}

}  // namespace

std::vector<float> SpectrogramOf(const WavSamples& sound, const SpectrogramQuery& query) {
  constexpr double kTurn = 2 * 3.14159265358979323846;
  const auto length = static_cast<double>(query.window);
  RealFft fft(query.window);
  // Periodic, as it is for spectra.
  std::vector<double> hann(query.window);
  for (size_t i = 0; i < hann.size(); ++i) {
    hann[i] = 0.5 - 0.5 * std::cos(kTurn * static_cast<double>(i) / length);
  }
  // Of the amplitude 1 of a full sine, half is at its frequency and half at its negative; the window halves
  // both.
  const double full = length / 4 * length / 4;
  const std::vector<Band> bands = BandsOf(query, sound.sample_rate() / 2.0);
  std::vector<double> samples(query.window), power(query.window / 2 + 1), mean(power.size());
  std::vector<float> levels;
  levels.reserve(size_t{query.columns} * query.bands);
  const double width = (query.to - query.from) / query.columns;
  const double spectra = std::clamp(std::ceil(width / (length / 4)), 1.0, kMostWindows);
  for (uint32_t column = 0; column < query.columns; ++column) {
    std::fill(mean.begin(), mean.end(), 0.0);
    for (double i = 0; i < spectra; ++i) {
      const double middle = query.from + width * (column + (i + 0.5) / spectra);
      const double begin = std::floor(middle) - length / 2;
      for (size_t k = 0; k < samples.size(); ++k) {
        samples[k] = hann[k] * SampleAt(sound, begin + static_cast<double>(k));
      }
      fft.Power(samples.data(), power.data());
      for (size_t k = 0; k < power.size(); ++k) mean[k] += power[k] / spectra;
    }
    for (const Band& band : bands) {
      const double level = 10 * std::log10(PowerOf(band, mean) / full);
      levels.push_back(std::max(kSilence, static_cast<float>(level)));
    }
  }
  return levels;
}

}  // namespace tensorpane
