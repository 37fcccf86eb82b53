#include "events/metadata.h"

#include "base/utf8.h"
#include "summary.pb.h"

namespace tensorpane {
namespace {

std::string_view PluginOfOldStyle(Storage storage) {
  switch (storage) {
    case Storage::kSimpleValue:
      return kScalarsPlugin;
    case Storage::kImage:
      return "images";
    case Storage::kAudio:
      return "audio";
    case Storage::kHisto:
      return "histograms";
    default:
      return {};
  }
}

DataClass ClassOfPlugin(std::string_view plugin) {
  if (plugin == kScalarsPlugin) return DataClass::kScalar;
  for (const std::string_view name :
       {std::string_view("histograms"), std::string_view("text"), kHParamsPlugin,
        std::string_view("pr_curves"), std::string_view("mesh"), std::string_view("custom_scalars")}) {
    if (plugin == name) return DataClass::kTensor;
  }
  for (const std::string_view name :
       {"images", "audio", "graphs", "graph_run_metadata", "graph_run_metadata_graph",
        "graph_tagged_run_metadata", "graph_keras_model"}) {
    if (plugin == name) return DataClass::kBlobSequence;
  }
  return DataClass::kUnknown;
}

}  // namespace

std::string_view Name(DataClass data_class) {
  switch (data_class) {
    case DataClass::kScalar:
      return "DATA_CLASS_SCALAR";
    case DataClass::kTensor:
      return "DATA_CLASS_TENSOR";
    case DataClass::kBlobSequence:
      return "DATA_CLASS_BLOB_SEQUENCE";
    case DataClass::kUnknown:
      break;
  }
  return "DATA_CLASS_UNKNOWN";
}

SeriesMetadata MetadataOfFirst(Storage storage, std::string_view tag, Bytes metadata) {
  SeriesMetadata series;
  if (storage == Storage::kGraphDef || storage == Storage::kTaggedRunMetadata ||
      storage == Storage::kMetaGraphDef) {
    series.plugin_name = storage == Storage::kTaggedRunMetadata ? "graph_tagged_run_metadata" : "graphs";
    series.data_class = DataClass::kBlobSequence;
    return series;
  }
  SummaryMetadata proto;
  const bool readable =
      !metadata.empty() && proto.ParseFromArray(metadata.data(), static_cast<int>(metadata.size()));
  if (!readable) proto.Clear();
  series.display_name = ToValidUtf8(AsBytes(proto.display_name()));
  series.description = ToValidUtf8(AsBytes(proto.summary_description()));
  if (const std::string_view plugin = PluginOfOldStyle(storage); !plugin.empty()) {
    series.plugin_name = plugin;
    series.data_class = ClassOfPlugin(plugin);
    // ImagePluginData {converted_to_tensor = 2}, AudioPluginData {encoding = 2: WAV = 11, converted_to_tensor
    // = 3}.
    if (storage == Storage::kImage) series.content = "\x10\x01";
    if (storage == Storage::kAudio) series.content = "\x10\x0b\x18\x01";
    if (series.display_name.empty()) series.display_name = tag;
    return series;
  }
  series.plugin_name = ToValidUtf8(AsBytes(proto.plugin_data().plugin_name()));
  series.content = proto.plugin_data().content();
  const int data_class = proto.data_class();
  series.data_class =
      data_class >= 1 && data_class <= 3 ? static_cast<DataClass>(data_class) : DataClass::kUnknown;
  if (data_class == 0) {
    series.data_class = ClassOfPlugin(series.plugin_name);
    series.data_class_inferred = true;
  }
  return series;
}

}  // namespace tensorpane
