// The Embind class that the worker drives. Its TypeScript face, which describes every method, is
// web/src/engine/wasm_session.ts; the two must say the same.

#include <emscripten/bind.h>

#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "archive/archive_reader.h"
#include "base/json_writer.h"
#include "dump/describe_projector.h"
#include "dump/dump.h"
#include "histograms/distance.h"
#include "histograms/histogram_query.h"
#include "log/file_reader.h"
#include "log/lives.h"
#include "log/restart_report.h"
#include "media/gif_decoder.h"
#include "media/spectrogram.h"
#include "media/wav.h"
#include "series/chart_query.h"
#include "series/step_union.h"
#include "values/media_value.h"
#include "values/point_value.h"

namespace tensorpane {
namespace {

/// All clips that are open take no more than this, bytes: the log itself may have taken the rest of the 4
/// GiB.
constexpr uint64_t kMaxClips = 2 * kMaxValueBytes;

/// A GIF or WAV of which frames or sounds are asked for, with its bytes.
struct Clip {
  std::vector<double> bytes;  // as `input_` had them
  uint64_t length = 0;
  std::optional<GifDecoder> gif;
  std::optional<WavSamples> sound;
};

class Session {
 public:
  explicit Session(double budget_bytes) : log_(static_cast<size_t>(budget_bytes)), cache_(&log_) {}

  uintptr_t reserveInput(uint32_t bytes) {
    if (input_.size() < (bytes + 7) / 8) input_.resize((bytes + 7) / 8);
    return reinterpret_cast<uintptr_t>(input_.data());
  }
  uintptr_t numbersPointer() const { return reinterpret_cast<uintptr_t>(numbers_.data()); }
  uint32_t numbersSize() const { return static_cast<uint32_t>(numbers_.size() * sizeof(double)); }
  uintptr_t textPointer() const { return reinterpret_cast<uintptr_t>(text_.data()); }
  uint32_t textSize() const { return static_cast<uint32_t>(text_.size()); }

  uint32_t openFile(const std::string& run, const std::string& name, double size) {
    const FileId id = log_.AddFile(log_.FindOrAddRun(run), name);
    readers_.resize(Index(id) + 1);
    const uint64_t bytes = size < 0 ? RecordReader::kUnknownSize : static_cast<uint64_t>(size);
    readers_[Index(id)] = std::make_unique<FileReader>(&log_, id, bytes);
    return static_cast<uint32_t>(id);
  }
  int feed(uint32_t file, uint32_t length) {
    return Answer(file, readers_[file]->Feed({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  int provide(uint32_t file, uint32_t length) {
    return Answer(file, readers_[file]->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  int finish(uint32_t file) {
    const FileReader::Status status = readers_[file]->Finish();
    const int answer = Answer(file, status);
    if (status == FileReader::Status::kMore) readers_[file].reset();
    return answer;
  }
  void abandon(uint32_t file) { readers_[file].reset(); }
  double requestOffset() const { return static_cast<double>(request_.offset); }
  double requestLength() const { return static_cast<double>(request_.length); }

  int kindOf(uint32_t length) const {
    return static_cast<int>(KindOf({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  uint32_t openArchive(int kind, double size, double max_bytes) {
    ArchiveLimits limits;
    limits.max_bytes = static_cast<uint64_t>(max_bytes);
    archives_.push_back(
        ArchiveReader::Make(static_cast<ArchiveKind>(kind), static_cast<uint64_t>(size), limits));
    return static_cast<uint32_t>(archives_.size() - 1);
  }
  int stepArchive(uint32_t archive) {
    ArchiveReader& reader = *archives_[archive];
    const ArchiveReader::Step step = reader.Next();
    request_ = {reader.need().offset, reader.need().length};
    data_ = reader.data();
    if (step == ArchiveReader::Step::kEntry || step == ArchiveReader::Step::kEntryEnd ||
        step == ArchiveReader::Step::kEnd) {
      text_ = ArchiveFactsOf(reader, step);
    }
    return static_cast<int>(step);
  }
  void provideArchive(uint32_t archive, uint32_t length) {
    archives_[archive]->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length});
  }
  void openEntry(uint32_t archive, uint32_t number) { archives_[archive]->Open(number); }
  void closeArchive(uint32_t archive) { archives_[archive].reset(); }
  uintptr_t dataPointer() const { return reinterpret_cast<uintptr_t>(data_.data()); }
  uint32_t dataSize() const { return static_cast<uint32_t>(data_.size()); }

  void catalogue() {
    text_.clear();
    numbers_.clear();
    const std::vector<SeriesId> changed = log_.TakeChanged();
    std::vector<double> lengths, runs;
    std::vector<std::vector<double>> columns(15);
    for (; runs_told_ < log_.runs().size(); ++runs_told_) {
      runs.push_back(StringIndex(log_.runs()[runs_told_].name, &lengths));
    }
    for (const SeriesId id : changed) {
      const Series& series = log_.series(id);
      const PointColumns& points = series.points;
      // Of what is kept; how often and how much was written again is told whatever is kept.
      const KeptFacts kept =
          points.size() == 0 ? KeptFacts{} : FactsOf(series, log_.runs()[Index(series.run)], cache_.purge());
      const bool any = kept.count > 0;
      const std::vector<Restart> restarts = RestartsOf(series);
      const auto superseded =
          std::accumulate(restarts.begin(), restarts.end(), uint32_t{0},
                          [](uint32_t sum, const Restart& restart) { return sum + restart.superseded; });
      const double row[] = {static_cast<double>(id),
                            static_cast<double>(series.run),
                            StringIndex(log_.tag(series.tag), &lengths),
                            StringIndex(series.moves ? "video" : log_.metadata(series).plugin_name, &lengths),
                            static_cast<double>(kept.count),
                            any ? kept.min_step : NAN,
                            any ? kept.max_step : NAN,
                            any ? points.wall_time(kept.first) : NAN,
                            any ? points.wall_time(kept.last) : NAN,
                            any && log_.IsScalar(series) ? points.number(kept.last) : NAN,
                            static_cast<double>(kept.non_finite),
                            static_cast<double>(restarts.size()),
                            static_cast<double>(superseded),
                            restarts.empty() ? NAN : static_cast<double>(restarts.front().step),
                            static_cast<double>(points.size() - kept.count)};
      for (size_t i = 0; i < columns.size(); ++i) columns[i].push_back(row[i]);
    }
    const auto append = [this](const std::vector<double>& list) {
      numbers_.insert(numbers_.end(), list.begin(), list.end());
    };
    numbers_.push_back(static_cast<double>(lengths.size()));
    append(lengths);
    numbers_.push_back(static_cast<double>(runs.size()));
    append(runs);
    numbers_.push_back(static_cast<double>(changed.size()));
    for (const auto& column : columns) append(column);
  }

  bool report() {
    JsonWriter json;
    json.BeginArray();
    bool any = false;
    for (size_t i = 0; i < log_.files().size(); ++i) {
      FileReport& report = log_.report(FileId{static_cast<uint32_t>(i)});
      if (!report.changed || !report.HasNews()) continue;
      report.changed = false;
      any = true;
      report.WriteJson(log_.runs()[Index(log_.files()[i].run)].name, &json);
    }
    json.EndArray();
    text_ = json.Take();
    return any;
  }

  bool restarts() {
    JsonWriter json;
    json.BeginArray();
    bool any = false;
    for (const RunId run : log_.TakeRestarted()) {
      any = true;
      WriteRestarts(log_, log_.runs()[Index(run)], &json);
    }
    json.EndArray();
    text_ = json.Take();
    return any;
  }

  void setPurge(int purge) {
    cache_.SetPurge(static_cast<Purge>(purge));
    log_.MarkReadWays();
  }

  void lines(uint32_t chart_count) {
    numbers_.clear();
    cache_.BeginQuery();
    const double* word = input_.data();
    for (uint32_t chart = 0; chart < chart_count; ++chart) {
      ChartQuery query{.x = static_cast<XKind>(word[0]),
                       .from = word[1],
                       .to = word[2],
                       .pixels = static_cast<uint32_t>(word[3]),
                       .smoothing = word[4],
                       .clip_outliers = word[5] != 0,
                       .log_y = word[6] != 0,
                       .series = {}};
      const auto series_count = static_cast<uint32_t>(word[7]);
      word += 8;
      for (uint32_t i = 0; i < series_count; ++i)
        query.series.push_back(SeriesId(static_cast<uint32_t>(*word++)));
      AppendChart(query, &cache_, &numbers_);
    }
  }

  void pick(uint32_t series_count, int x_kind, double at, double smoothing) {
    numbers_.clear();
    cache_.BeginQuery();
    std::vector<double> steps;
    for (uint32_t i = 0; i < series_count; ++i) {
      const SeriesId id = SeriesId(static_cast<uint32_t>(input_[i]));
      SeriesLines& lines = cache_.Get(id, smoothing);
      const PointColumns& points = log_.series(id).points;
      const std::optional<Pick> pick = PickNearest(lines, static_cast<XKind>(x_kind), at, smoothing);
      int64_t step = 0;
      if (pick) {
        step = points.exact_step(pick->index);
        const double relative = lines.axis(XKind::kRelative).At(pick->index);
        const auto [part, parts] = lines.PartOf(pick->index);
        for (const double word : {pick->x, points.number(pick->index), pick->smoothed,
                                  points.step(pick->index), points.wall_time(pick->index), relative,
                                  static_cast<double>(part), static_cast<double>(parts)}) {
          numbers_.push_back(word);
        }
      } else {
        numbers_.insert(numbers_.end(), 8, NAN);
      }
      double word;
      static_assert(sizeof word == sizeof step);
      std::memcpy(&word, &step, sizeof word);
      steps.push_back(word);
    }
    numbers_.insert(numbers_.end(), steps.begin(), steps.end());
  }

  int beginProjector() {
    describer_ = std::make_unique<ProjectorDescriber>(std::move(beside_));
    beside_.clear();
    return ProjectorAnswer(describer_->Describe());
  }
  int provideProjector(uint32_t length) {
    return ProjectorAnswer(describer_->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  void addFileBeside(const std::string& path, double size) {
    beside_.push_back({path, static_cast<uint64_t>(size)});
  }

  void steps(uint32_t series_count) {
    numbers_.clear();
    const double* const ids = input_.data();
    std::vector<SeriesId> series;
    for (uint32_t i = 0; i < series_count; ++i) series.push_back(SeriesId(static_cast<uint32_t>(ids[i])));
    const StepUnion all = UnionOfSteps(log_, series, cache_.purge());
    for (const int64_t step : all.steps) numbers_.push_back(BitCast<double>(step));
    numbers_.insert(numbers_.end(), all.in_every_run.begin(), all.in_every_run.end());
  }

  void points(uint32_t series) {
    numbers_.clear();
    const Series& of = log_.series(SeriesId(series));
    const std::vector<PointRange> kept = KeptPoints(of, log_.runs()[Index(of.run)], cache_.purge());
    size_t size = 0, at = 0;
    for (const PointRange& range : kept) size += range.size();
    numbers_.resize(4 * size);
    for (const PointRange& range : kept) {
      for (uint32_t i = range.begin; i < range.end; ++i, ++at) {
        numbers_[at] = BitCast<double>(of.points.exact_step(i));
        numbers_[size + at] = of.points.wall_time(i);
        numbers_[2 * size + at] = i;
        numbers_[3 * size + at] = FindPayload(series, i) ? 1 : 0;
      }
    }
  }

  int findPayload(uint32_t series, uint32_t point) {
    const std::optional<BlobRef> blob = FindPayload(series, point);
    if (!blob) return 0;
    request_ = {blob->offset, blob->length()};
    request_file_ = static_cast<uint32_t>(blob->file);
    return blob->length() <= kMaxValueBytes ? 1 : 2;
  }
  void value(uint32_t series, uint32_t point, uint32_t length) {
    const BlobRef blob = *FindPayload(series, point);
    PointValue value = ReadPointValue(static_cast<Storage>(blob.storage), blob.split, Input(length));
    text_ = std::move(value.facts);
    numbers_ = std::move(value.numbers);
  }
  void content(uint32_t series, uint32_t point, uint32_t length) {
    const BlobRef blob = *FindPayload(series, point);
    text_ = ContentOf(static_cast<Storage>(blob.storage), blob.split, Input(length));
  }

  void missingHistograms(uint32_t series, uint32_t point_count) {
    numbers_.clear();
    for (uint32_t i = 0; i < point_count; ++i) {
      const auto point = static_cast<uint32_t>(input_[i]);
      if (histograms_.Knows(SeriesId(series), point)) continue;
      const std::optional<BlobRef> blob = FindPayload(series, point);
      if (!blob || blob->length() > kMaxValueBytes) continue;
      for (const double word : {static_cast<double>(point), static_cast<double>(blob->file),
                                static_cast<double>(blob->offset), static_cast<double>(blob->length())}) {
        numbers_.push_back(word);
      }
    }
  }
  bool addHistogram(uint32_t series, uint32_t point, uint32_t length) {
    const BlobRef blob = *FindPayload(series, point);
    return histograms_.Add(SeriesId(series), point, static_cast<Storage>(blob.storage), blob.split,
                           Input(length));
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
  void media(uint32_t series, uint32_t point, uint32_t length) {
    const BlobRef blob = *FindPayload(series, point);
    const std::string& plugin = log_.metadata(log_.series(SeriesId(series))).plugin_name;
    MediaValue value = ReadMediaValue(plugin, static_cast<Storage>(blob.storage), blob.split, Input(length));
    text_ = std::move(value.facts);
    joined_ = std::move(value.joined);
    data_ = AsBytes(joined_);
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
  void closeClip(uint32_t clip) { clips_[clip].reset(); }
  int stepClip(uint32_t clip, uint32_t frame) {
    GifDecoder& gif = *clips_[clip]->gif;
    if (!gif.Step(frame)) return 0;
    data_ = gif.pixels();
    return gif.whole() ? 1 : 2;
  }
  void waveform(uint32_t clip, double from, double to, uint32_t columns) {
    const WavSamples& sound = *clips_[clip]->sound;
    floats_.clear();
    for (uint32_t channel = 0; channel < sound.channels(); ++channel) {
      const std::vector<float> peaks = PeaksOf(sound, channel, from, to, columns);
      floats_.insert(floats_.end(), peaks.begin(), peaks.end());
    }
    AnswerFloats();
  }
  void spectrogram(uint32_t clip, double from, double to, uint32_t columns, uint32_t bands, int scale,
                   uint32_t window) {
    floats_ = SpectrogramOf(*clips_[clip]->sound,
                            {from, to, columns, bands, static_cast<FrequencyScale>(scale), window});
    AnswerFloats();
  }

  void releaseBuffers() {
    joined_ = {};
    data_ = {};
    input_ = {};
    numbers_ = {};
    text_ = {};
  }

  int beginDump(int purge) {
    dumper_ = std::make_unique<Dumper>(&log_, static_cast<Purge>(purge),
                                       projector_.empty() ? "[]" : std::move(projector_));
    projector_.clear();
    return DumpAnswer(dumper_->Write());
  }
  int provideDump(uint32_t length) {
    return DumpAnswer(dumper_->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  uint32_t requestFile() const { return request_file_; }

 private:
  Bytes Input(uint32_t length) const { return {reinterpret_cast<const uint8_t*>(input_.data()), length}; }

  /// Where the payload of a point is; nothing if it has none, but a number, or if there is no such point.
  std::optional<BlobRef> FindPayload(uint32_t series, uint32_t point) const {
    if (series >= log_.series().size()) return {};
    const PointColumns& points = log_.series(SeriesId(series)).points;
    if (points.kind() != PointColumns::ValueKind::kBlob || point >= points.size()) return {};
    const BlobRef blob = points.blob(point);
    return blob.storage == static_cast<uint8_t>(Storage::kNone) ? std::nullopt : std::optional(blob);
  }

  int Answer(uint32_t file, FileReader::Status status) {
    request_ = readers_[file]->request();
    return static_cast<int>(status);
  }

  int DumpAnswer(Dumper::Status status) {
    if (status == Dumper::Status::kNeed) {
      const BlobRef& blob = dumper_->request();
      request_ = {blob.offset, blob.length()};
      request_file_ = static_cast<uint32_t>(blob.file);
      return static_cast<int>(FileReader::Status::kNeed);
    }
    text_ = dumper_->Take();
    dumper_.reset();
    return static_cast<int>(FileReader::Status::kMore);
  }

  int ProjectorAnswer(ProjectorDescriber::Status status) {
    if (status == ProjectorDescriber::Status::kNeed) {
      const ProjectorDescriber::Request& request = describer_->request();
      request_ = {request.offset, request.length};
      request_file_ = static_cast<uint32_t>(request.file);
      return static_cast<int>(FileReader::Status::kNeed);
    }
    projector_ = describer_->Take();
    describer_.reset();
    return static_cast<int>(FileReader::Status::kMore);
  }

  void AnswerFloats() {
    data_ = {reinterpret_cast<const uint8_t*>(floats_.data()), floats_.size() * sizeof(float)};
  }

  /// An ArchiveFacts of web/src/engine/wasm_session.ts.
  static std::string ArchiveFactsOf(const ArchiveReader& reader, ArchiveReader::Step step) {
    const bool begins = step == ArchiveReader::Step::kEntry;
    const ArchiveFault fault = begins ? reader.entry().fault : reader.fault();
    JsonWriter json;
    json.BeginObject();
    json.Key("fault");
    json.Text(Name(fault));
    json.Key("code");
    json.Text(Name(CodeOf(fault)));
    json.Key("limit");
    json.Unsigned(begins ? 0 : reader.limit());
    if (step != ArchiveReader::Step::kEnd) {
      const ArchiveEntry& entry = reader.entry();
      json.Key("name");
      json.Text(entry.name);
      json.Key("directory");
      json.Bool(entry.is_directory);
      json.Key("bare");
      json.Bool(entry.bare);
      if (entry.size) {
        json.Key("size");
        json.Unsigned(*entry.size);
      }
      if (entry.stored) {
        json.Key("offset");
        json.Unsigned(entry.stored->offset);
      }
    }
    json.EndObject();
    return json.Take();
  }

  /// Index of `text` in the table of strings that the page has; a new one is appended to it.
  double StringIndex(const std::string& text, std::vector<double>* lengths) {
    const auto [at, is_new] = strings_.emplace(text, static_cast<uint32_t>(strings_.size()));
    if (is_new) {
      lengths->push_back(static_cast<double>(text.size()));
      text_ += text;
    }
    return at->second;
  }

  /// What decoded histograms may take: the log's budget leaves so much of the 4 GiB.
  static constexpr size_t kHistogramBytes = 384 << 20;

  Log log_;
  LineCache cache_;
  HistogramStore histograms_{kHistogramBytes};
  std::vector<std::unique_ptr<FileReader>> readers_;  // by file; null once it is read
  std::unique_ptr<Dumper> dumper_;
  std::vector<FileBeside> beside_;  // for the next beginProjector()
  std::unique_ptr<ProjectorDescriber> describer_;
  std::string projector_;                                 // for the next beginDump()
  std::vector<std::unique_ptr<ArchiveReader>> archives_;  // null once closed
  std::vector<std::unique_ptr<Clip>> clips_;              // null once closed
  std::vector<float> floats_;
  std::string joined_;
  Bytes data_;  // the last answer that is neither numbers nor text
  WindowedRecord::Range request_{};
  uint32_t request_file_ = 0;
  std::vector<double> input_;  // doubles, so that numbers in it are aligned
  std::vector<double> numbers_;
  std::string text_;
  std::unordered_map<std::string, uint32_t> strings_;
  size_t runs_told_ = 0;
};

}  // namespace
}  // namespace tensorpane

EMSCRIPTEN_BINDINGS(tensorpane) {
  using tensorpane::Session;
  emscripten::class_<Session>("Session")
      .constructor<double>()
      .function("reserveInput", &Session::reserveInput)
      .function("numbersPointer", &Session::numbersPointer)
      .function("numbersSize", &Session::numbersSize)
      .function("textPointer", &Session::textPointer)
      .function("textSize", &Session::textSize)
      .function("openFile", &Session::openFile)
      .function("feed", &Session::feed)
      .function("provide", &Session::provide)
      .function("finish", &Session::finish)
      .function("abandon", &Session::abandon)
      .function("requestOffset", &Session::requestOffset)
      .function("requestLength", &Session::requestLength)
      .function("kindOf", &Session::kindOf)
      .function("openArchive", &Session::openArchive)
      .function("stepArchive", &Session::stepArchive)
      .function("provideArchive", &Session::provideArchive)
      .function("openEntry", &Session::openEntry)
      .function("closeArchive", &Session::closeArchive)
      .function("dataPointer", &Session::dataPointer)
      .function("dataSize", &Session::dataSize)
      .function("catalogue", &Session::catalogue)
      .function("report", &Session::report)
      .function("restarts", &Session::restarts)
      .function("setPurge", &Session::setPurge)
      .function("lines", &Session::lines)
      .function("pick", &Session::pick)
      .function("addFileBeside", &Session::addFileBeside)
      .function("beginProjector", &Session::beginProjector)
      .function("provideProjector", &Session::provideProjector)
      .function("steps", &Session::steps)
      .function("points", &Session::points)
      .function("findPayload", &Session::findPayload)
      .function("value", &Session::value)
      .function("content", &Session::content)
      .function("missingHistograms", &Session::missingHistograms)
      .function("addHistogram", &Session::addHistogram)
      .function("histogramFacts", &Session::histogramFacts)
      .function("histogramGrid", &Session::histogramGrid)
      .function("compatibleBins", &Session::compatibleBins)
      .function("histogramDistance", &Session::histogramDistance)
      .function("media", &Session::media)
      .function("openClip", &Session::openClip)
      .function("closeClip", &Session::closeClip)
      .function("stepClip", &Session::stepClip)
      .function("waveform", &Session::waveform)
      .function("spectrogram", &Session::spectrogram)
      .function("releaseBuffers", &Session::releaseBuffers)
      .function("beginDump", &Session::beginDump)
      .function("provideDump", &Session::provideDump)
      .function("requestFile", &Session::requestFile);
}
