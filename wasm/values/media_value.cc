#include "values/media_value.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "events/legacy.h"
#include "events/tensor.h"
#include "media/audio_info.h"
#include "media/frame_times.h"
#include "media/image_info.h"
#include "values/point_value.h"

namespace tensorpane {
namespace {

struct Item {
  Bytes encoded;
  Bytes label;
};

/// Why there is none; words: web/src/model/errors.ts.
constexpr std::string_view kMalformed = "malformed", kNumbers = "numbers", kOther = "other";

/// The items of a tensor of strings: behind width and height of images (TensorBoard's image plugin,
/// summary_v2.py), beside their labels of sounds in two columns (its audio plugin, summary.py), else each
/// string.
std::vector<Item> ItemsOf(std::string_view plugin, const Tensor& tensor) {
  const bool labelled = plugin == "audio" && tensor.shape.size() == 2 && tensor.shape[1] == 2;
  std::vector<Item> items;
  for (size_t i = plugin == "images" ? 2 : 0; i < tensor.strings.size(); i += labelled ? 2 : 1) {
    items.push_back(
        {tensor.strings[i], labelled && i + 1 < tensor.strings.size() ? tensor.strings[i + 1] : Bytes()});
  }
  return items;
}

void WriteSound(Bytes encoded, JsonWriter* json) {
  const AudioInfo info = ReadAudioInfo(encoded);
  json->Key("kind");
  json->Text("sound");
  json->Key("mime");
  json->Text(info.mime.value_or(""));
  json->Key("error");
  json->Bool(info.error);
  json->Key("sampleRate");
  json->Unsigned(info.sample_rate);
  json->Key("channels");
  json->Unsigned(info.channels);
  json->Key("frames");
  json->Unsigned(info.frames);
}

void WriteImage(Bytes encoded, JsonWriter* json) {
  const ImageInfo info = ReadImageInfo(encoded);
  json->Key("kind");
  json->Text(info.mime && info.mime->starts_with("video/") ? "video" : "image");
  json->Key("mime");
  json->Text(info.mime.value_or(""));
  json->Key("error");
  json->Bool(info.error);
  json->Key("width");
  json->Unsigned(info.width);
  json->Key("height");
  json->Unsigned(info.height);
  json->Key("frames");
  json->Unsigned(info.frames);
  json->Key("times");
  json->BeginArray();
  for (const float time : FrameTimesOf(encoded)) json->Float(time);
  json->EndArray();
}

}  // namespace

MediaValue ReadMediaValue(std::string_view plugin, Storage storage, bool split, Bytes payload) {
  MediaValue value;
  Bytes whole = payload;
  if (split) {
    value.joined = JoinParts(payload, PayloadField(storage));
    whole = AsBytes(value.joined);
  }
  std::vector<Item> items;
  std::string_view error;
  Tensor tensor;
  if (storage == Storage::kImage || storage == Storage::kAudio) {
    const std::optional<OldMedia> media = ReadOldMedia(whole);
    if (media) items.push_back({media->encoded, {}});
    if (!media) error = kMalformed;
  } else if (storage == Storage::kTensor) {
    tensor = DecodeTensor(whole, kMaxValueBytes);
    error = !tensor.error.empty() ? tensor.error : tensor.dtype != DType::kString ? kNumbers : "";
    if (error.empty()) items = ItemsOf(plugin, tensor);
  } else {
    error = kOther;
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("storage");
  json.Text(Name(storage));
  json.Key("error");
  json.Text(error);
  json.Key("count");
  json.Unsigned(items.size());
  json.Key("items");
  json.BeginArray();
  for (const Item& item : std::span(items).first(std::min(items.size(), kMaxMediaItems))) {
    json.BeginObject();
    json.Key("offset");
    // An empty string may point anywhere.
    json.Unsigned(item.encoded.empty() ? 0 : static_cast<uint64_t>(item.encoded.data() - whole.data()));
    json.Key("length");
    json.Unsigned(item.encoded.size());
    json.Key("label");
    json.Text(ToValidUtf8(item.label.first(std::min(item.label.size(), kMaxLabel))));
    if (storage == Storage::kAudio || plugin == "audio") {
      WriteSound(item.encoded, &json);
    } else {
      WriteImage(item.encoded, &json);
    }
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  value.facts = json.Take();
  return value;
}

}  // namespace tensorpane
