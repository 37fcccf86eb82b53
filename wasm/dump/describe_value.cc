#include "dump/describe_value.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "events/legacy.h"
#include "events/metadata.h"
#include "events/proto_json.h"
#include "events/tensor.h"
#include "graph/graph_summary.h"
#include "graph/keras_summary.h"
#include "graph/run_metadata_summary.h"
#include "media/audio_info.h"
#include "media/image_info.h"

namespace tensorpane {
namespace {

std::string ErrorJson(std::string_view error) {
  JsonWriter json;
  json.BeginObject();
  json.Key("error");
  json.Text(error);
  json.EndObject();
  return json.Take();
}

DescribedValue Failed(std::string_view error) {
  DescribedValue failed;
  failed.value = ErrorJson(error);
  return failed;
}

void WriteMedia(Bytes bytes, std::optional<std::string_view> mime, JsonWriter* json) {
  json->Key("sha256");
  json->Text(Sha256Hex(bytes));
  json->Key("bytes");
  json->Unsigned(bytes.size());
  json->Key("mime");
  if (mime) {
    json->Text(*mime);
  } else {
    json->Null();
  }
}

}  // namespace

void WriteImage(Bytes bytes, JsonWriter* json) {
  const ImageInfo info = ReadImageInfo(bytes);
  json->BeginObject();
  WriteMedia(bytes, info.mime, json);
  if (info.error) {
    json->Key("error");
    json->Text("damaged, or of a format that is not read");
  } else {
    json->Key("width");
    json->Unsigned(info.width);
    json->Key("height");
    json->Unsigned(info.height);
    json->Key("frames");
    json->Unsigned(info.frames);
  }
  json->EndObject();
}

namespace {

void WriteSound(Bytes bytes, Bytes label, JsonWriter* json) {
  const AudioInfo info = ReadAudioInfo(bytes);
  json->BeginObject();
  WriteMedia(bytes, info.mime, json);
  if (!label.empty()) {
    json->Key("label");
    json->Text(ToValidUtf8(label));
  }
  if (info.error) {
    json->Key("error");
    json->Text("damaged, or of a format that is not read");
  } else {
    json->Key("sample_rate");
    json->Unsigned(info.sample_rate);
    json->Key("channels");
    json->Unsigned(info.channels);
    json->Key("frames");
    json->Unsigned(info.frames);
  }
  json->EndObject();
}

DescribedValue DescribeOldHistogram(Bytes payload) {
  const std::optional<OldHistogram> histogram = ReadOldHistogram(payload);
  if (!histogram) return Failed("malformed histogram");
  DescribedValue described;
  JsonWriter v1;
  v1.BeginArray();
  for (const double number :
       {histogram->min, histogram->max, histogram->num, histogram->sum, histogram->sum_squares}) {
    v1.Double(number);
  }
  v1.Unsigned(histogram->counts.size());
  v1.EndArray();
  described.v1 = v1.Take();
  const auto rows = CompatibleBuckets(*histogram);
  if (!rows) {
    described.value = ErrorJson("as many limits as counts are wanted");
    return described;
  }
  JsonWriter json;
  json.BeginArray();
  for (const std::array<float, 3>& row : *rows) {
    json.BeginArray();
    for (const float number : row) json.Float(number);
    json.EndArray();
  }
  json.EndArray();
  described.value = json.Take();
  described.dtype = "float32";
  described.shape = {static_cast<int64_t>(rows->size()), 3};
  return described;
}

DescribedValue DescribeOldImage(Bytes payload) {
  const std::optional<OldMedia> image = ReadOldMedia(payload);
  if (!image) return Failed("malformed image");
  DescribedValue described;
  JsonWriter json, declared;
  json.BeginArray();
  WriteImage(image->encoded, &json);
  json.EndArray();
  declared.BeginArray();
  declared.Text(std::to_string(image->width));
  declared.Text(std::to_string(image->height));
  declared.EndArray();
  described.value = json.Take();
  described.declared = declared.Take();
  described.dtype = "string";
  return described;
}

DescribedValue DescribeOldAudio(Bytes payload) {
  const std::optional<OldMedia> sound = ReadOldMedia(payload);
  if (!sound) return Failed("malformed audio");
  DescribedValue described;
  JsonWriter json;
  json.BeginArray();
  WriteSound(sound->encoded, {}, &json);
  json.EndArray();
  described.value = json.Take();
  described.dtype = "string";
  return described;
}

/// Width and height as text, then images.
void DescribeImages(const Tensor& tensor, DescribedValue* described) {
  JsonWriter json, declared;
  json.BeginArray();
  declared.BeginArray();
  for (size_t i = 0; i < tensor.strings.size(); ++i) {
    if (i < 2) {
      declared.Text(ToValidUtf8(tensor.strings[i]));
    } else {
      WriteImage(tensor.strings[i], &json);
    }
  }
  json.EndArray();
  declared.EndArray();
  described->value = json.Take();
  described->declared = declared.Take();
}

/// Sounds, or rows of a sound and its label.
void DescribeSounds(const Tensor& tensor, DescribedValue* described) {
  const bool labelled = tensor.shape.size() == 2 && tensor.shape[1] == 2;
  JsonWriter json;
  json.BeginArray();
  for (size_t i = 0; i < tensor.strings.size(); i += labelled ? 2 : 1) {
    WriteSound(tensor.strings[i], labelled ? tensor.strings[i + 1] : Bytes(), &json);
  }
  json.EndArray();
  described->value = json.Take();
}

void DescribeText(const Tensor& tensor, DescribedValue* described) {
  JsonWriter json;
  json.BeginObject();
  json.Key("shape");
  json.BeginArray();
  for (const int64_t size : tensor.shape) json.Integer(size);
  json.EndArray();
  json.Key("strings");
  json.BeginArray();
  for (const Bytes text : tensor.strings) json.Text(ToValidUtf8(text));
  json.EndArray();
  json.EndObject();
  described->value = json.Take();
}

bool IsRunMetadata(std::string_view plugin) {
  return plugin == "graph_run_metadata" || plugin == "graph_run_metadata_graph" ||
         plugin == "graph_tagged_run_metadata";
}

/// A GraphDef, a RunMetadata or the JSON of a Keras model.
std::string DescribeGraphBytes(std::string_view plugin, Bytes bytes) {
  JsonWriter json;
  if (plugin == "graph_keras_model") {
    DescribeKeras(bytes).WriteJson(&json);
  } else if (IsRunMetadata(plugin)) {
    DescribeRunMetadata(bytes).WriteJson(&json);
  } else {
    DescribeGraph(bytes).WriteJson(&json);
  }
  return json.Take();
}

std::string LayoutJson(const Tensor& tensor) {
  JsonWriter json;
  if (tensor.strings.size() != 1 || !WriteMessageJson(tensor.strings[0], kCustomScalarLayout, &json)) {
    return ErrorJson("malformed layout");
  }
  return json.Take();
}

void DescribeTensor(std::string_view plugin, const Tensor& tensor, DescribedValue* described) {
  const bool strings = tensor.dtype == DType::kString;
  const bool graph = plugin == "graphs" || plugin == "graph_keras_model" || IsRunMetadata(plugin);
  if (plugin == "hparams" || plugin == "custom_scalars") {
    described->value = "null";
    if (plugin == "custom_scalars") described->layout = LayoutJson(tensor);
  } else if (strings && plugin == "images") {
    DescribeImages(tensor, described);
  } else if (strings && plugin == "audio") {
    DescribeSounds(tensor, described);
  } else if (strings && plugin == "text") {
    DescribeText(tensor, described);
  } else if (graph && !tensor.strings.empty()) {
    described->value = DescribeGraphBytes(plugin, tensor.strings[0]);
  } else if (plugin == "images" || plugin == "audio" || plugin == "text" || graph) {
    described->value = ErrorJson("numbers, want text");
  } else {
    JsonWriter json;
    if (plugin == "histograms" || plugin == "pr_curves") {
      WriteTensorElements(tensor, &json);
    } else {
      WriteTensorInfo(tensor, &json, plugin == "mesh");
    }
    described->value = json.Take();
  }
}

}  // namespace

DescribedValue DescribeValue(std::string_view plugin, Storage storage, Bytes payload, bool graph_shapes) {
  DescribedValue described;
  switch (storage) {
    case Storage::kHisto:
      return DescribeOldHistogram(payload);
    case Storage::kImage:
      return DescribeOldImage(payload);
    case Storage::kAudio:
      return DescribeOldAudio(payload);
    case Storage::kGraphDef:
    case Storage::kTaggedRunMetadata:
    case Storage::kMetaGraphDef:
      described.value = DescribeGraphBytes(plugin, payload);
      described.dtype = "string";
      described.shape = {1};
      return described;
    case Storage::kNone:
      // A value of hparams without tensor has the null tensor: float32 of shape [0].
      described.value = "null";
      described.dtype = "float32";
      described.shape = {0};
      return described;
    case Storage::kSimpleValue:
    case Storage::kOldStyleHistogram:
      return Failed("a value of another kind than the first of its tag");
    case Storage::kTensor:
      break;
  }
  const Tensor tensor = DecodeTensor(payload);
  if (!tensor.error.empty()) return Failed(tensor.error);
  described.dtype = DTypeName(tensor);
  described.shape = tensor.shape;
  if (graph_shapes && tensor.shape.empty() && plugin.starts_with("graph")) described.shape = {1};
  DescribeTensor(plugin, tensor, &described);
  return described;
}

std::string DescribeContent(std::string_view plugin, Bytes content) {
  const MessageInfo* info = plugin == "images"      ? &kImagePluginData
                            : plugin == "audio"     ? &kAudioPluginData
                            : plugin == "pr_curves" ? &kPrCurvePluginData
                            : plugin == "mesh"      ? &kMeshPluginData
                            : plugin == "hparams"   ? &kHParamsPluginData
                                                    : nullptr;
  JsonWriter message;
  if (info && WriteMessageJson(content, *info, &message)) return message.Take();
  JsonWriter json;
  json.BeginObject();
  if (info) {
    json.Key("error");
    json.Text("malformed plugin data");
  }
  const bool printable =
      std::all_of(content.begin(), content.end(), [](uint8_t c) { return c >= 0x20 && c < 0x7F; });
  if (printable && !info) {
    json.Key("text");
    json.Text(AsText(content));
  } else {
    std::string hex;
    for (const uint8_t c : content) {
      constexpr char kHex[] = "0123456789abcdef";
      hex += kHex[c >> 4];
      hex += kHex[c & 15];
    }
    json.Key("hex");
    json.Text(hex);
  }
  json.EndObject();
  return json.Take();
}

}  // namespace tensorpane
