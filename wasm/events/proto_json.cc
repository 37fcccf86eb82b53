#include "events/proto_json.h"

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "events/tensor_fields.h"

namespace tensorpane {
namespace {

/// google.protobuf.Value nests; a person's hyperparameters do not nest this deep.
constexpr int kMaxDepth = 32;

class Printer {
 public:
  explicit Printer(JsonWriter* json) : json_(*json) {}

  bool Message(Bytes message, const MessageInfo& info) {
    std::vector<Field> fields;
    if (!Fields(message, &fields)) return false;
    json_.BeginObject();
    for (const FieldInfo& field : info.fields) {
      if (!Member(message, fields, field)) return false;
    }
    json_.EndObject();
    return true;
  }

 private:
  static bool Fields(Bytes message, std::vector<Field>* fields) {
    WholeRecord record(message);
    Cursor<WholeRecord> cursor(record, 0, message.size());
    Field field;
    while (cursor.Next(&field)) fields->push_back(field);
    return cursor.stop() == Cursor<WholeRecord>::Stop::kEnd;
  }

  static Bytes Content(Bytes message, const Field& field) {
    return InMemory(message.data() + field.offset, field.length);
  }

  static WireType TypeOf(JsonKind kind) {
    switch (kind) {
      case JsonKind::kInt32:
      case JsonKind::kInt64:
      case JsonKind::kBool:
      case JsonKind::kEnum:
        return WireType::kVarint;
      case JsonKind::kDouble:
        return WireType::kFixed64;
      default:
        return WireType::kBytes;
    }
  }

  bool Member(Bytes message, const std::vector<Field>& fields, const FieldInfo& info) {
    const WireType type = TypeOf(info.kind);
    std::vector<Bytes> contents;
    std::vector<uint64_t> numbers;
    for (const Field& field : fields) {
      if (field.number != info.number) continue;
      if (field.type == type && type == WireType::kBytes) {
        contents.push_back(Content(message, field));
      } else if (field.type == type) {
        numbers.push_back(field.value);
      } else if (field.type == WireType::kBytes) {
        const auto take = [&numbers](uint64_t bits) { numbers.push_back(bits); };
        if (!ForEachPacked(type, Content(message, field), take)) return false;
      }
    }
    if (type == WireType::kBytes) return Contents(contents, info);
    if (numbers.empty() || (!info.repeated && numbers.back() == 0))
      return true;  // the default is not written
    json_.Key(info.name);
    if (info.repeated) json_.BeginArray();
    for (size_t i = info.repeated ? 0 : numbers.size() - 1; i < numbers.size(); ++i) Number(numbers[i], info);
    if (info.repeated) json_.EndArray();
    return true;
  }

  void Number(uint64_t bits, const FieldInfo& info) {
    switch (info.kind) {
      case JsonKind::kInt64:
        return json_.Text(std::to_string(static_cast<int64_t>(bits)));
      case JsonKind::kDouble:
        return json_.Double(BitCast<double>(bits));
      case JsonKind::kBool:
        return json_.Bool(bits != 0);
      case JsonKind::kEnum:
        if (bits < info.enum_names.size()) return json_.Text(info.enum_names[static_cast<size_t>(bits)]);
        break;
      default:
        break;
    }
    json_.Integer(static_cast<int32_t>(bits));
  }

  bool Contents(const std::vector<Bytes>& contents, const FieldInfo& info) {
    if (contents.empty()) return true;
    if (info.kind == JsonKind::kText && !info.repeated && contents.back().empty()) return true;
    json_.Key(info.name);
    if (info.kind == JsonKind::kValueMap) return Map(contents, 0);
    if (info.repeated) {
      json_.BeginArray();
      for (const Bytes content : contents) {
        if (!Single(content, info)) return false;
      }
      json_.EndArray();
      return true;
    }
    if (info.kind == JsonKind::kText) return Single(contents.back(), info);
    // Parts of one message merge.
    std::string joined;
    for (const Bytes content : contents) joined += AsText(content);
    return Single(AsBytes(joined), info);
  }

  bool Single(Bytes content, const FieldInfo& info) {
    if (info.kind == JsonKind::kMessage) return Message(content, *info.message);
    if (info.kind == JsonKind::kList) return List(content, 0);
    json_.Text(ToValidUtf8(content));
    return true;
  }

  /// Entries {key = 1, value = 2} of a map to google.protobuf.Value.
  bool Map(const std::vector<Bytes>& entries, int depth) {
    json_.BeginObject();
    for (const Bytes entry : entries) {
      std::vector<Field> fields;
      if (!Fields(entry, &fields)) return false;
      Bytes key, value;
      for (const Field& field : fields) {
        if (field.type != WireType::kBytes) continue;
        if (field.number == 1) key = Content(entry, field);
        if (field.number == 2) value = Content(entry, field);
      }
      json_.Key(ToValidUtf8(key));
      if (!Value(value, depth)) return false;
    }
    json_.EndObject();
    return true;
  }

  /// google.protobuf.ListValue: values = 1.
  bool List(Bytes list, int depth) {
    std::vector<Field> fields;
    if (!Fields(list, &fields)) return false;
    json_.BeginArray();
    for (const Field& field : fields) {
      if (field.number == 1 && field.type == WireType::kBytes && !Value(Content(list, field), depth))
        return false;
    }
    json_.EndArray();
    return true;
  }

  /// google.protobuf.Value: null = 1, number = 2, string = 3, bool = 4, struct = 5 {fields = 1}, list = 6;
  /// the last wins.
  bool Value(Bytes value, int depth) {
    if (depth == kMaxDepth) return false;
    std::vector<Field> fields;
    if (!Fields(value, &fields)) return false;
    for (size_t i = fields.size(); i-- > 0;) {
      const Field& field = fields[i];
      if (field.number == 2 && field.type == WireType::kFixed64) {
        json_.Double(BitCast<double>(field.value));
        return true;
      }
      if (field.number == 4 && field.type == WireType::kVarint) {
        json_.Bool(field.value != 0);
        return true;
      }
      if (field.type != WireType::kBytes) continue;
      const Bytes content = Content(value, field);
      if (field.number == 3) {
        json_.Text(ToValidUtf8(content));
        return true;
      }
      if (field.number == 6) return List(content, depth + 1);
      if (field.number == 5) {
        std::vector<Field> members;
        std::vector<Bytes> entries;
        if (!Fields(content, &members)) return false;
        for (const Field& member : members) {
          if (member.number == 1 && member.type == WireType::kBytes)
            entries.push_back(Content(content, member));
        }
        return Map(entries, depth + 1);
      }
    }
    json_.Null();
    return true;
  }

  JsonWriter& json_;
};

constexpr std::string_view kEncodings[] = {"UNKNOWN", "", "", "", "", "", "", "", "", "", "", "WAV"};
constexpr std::string_view kContentTypes[] = {"UNDEFINED", "VERTEX", "FACE", "COLOR"};
constexpr std::string_view kStatuses[] = {"STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE",
                                          "STATUS_RUNNING"};
constexpr std::string_view kDataTypes[] = {"DATA_TYPE_UNSET", "DATA_TYPE_STRING", "DATA_TYPE_BOOL",
                                           "DATA_TYPE_FLOAT64"};
constexpr std::string_view kDatasetTypes[] = {"DATASET_UNKNOWN", "DATASET_TRAINING", "DATASET_VALIDATION"};

constexpr FieldInfo kImageFields[] = {{1, "version", JsonKind::kInt32},
                                      {2, "converted_to_tensor", JsonKind::kBool}};
constexpr FieldInfo kAudioFields[] = {{1, "version", JsonKind::kInt32},
                                      {2, "encoding", JsonKind::kEnum, false, nullptr, kEncodings},
                                      {3, "converted_to_tensor", JsonKind::kBool}};
constexpr FieldInfo kPrCurveFields[] = {{1, "version", JsonKind::kInt32},
                                        {2, "num_thresholds", JsonKind::kInt32}};
constexpr FieldInfo kMeshFields[] = {{1, "version", JsonKind::kInt32},
                                     {2, "name", JsonKind::kText},
                                     {3, "content_type", JsonKind::kEnum, false, nullptr, kContentTypes},
                                     {5, "json_config", JsonKind::kText},
                                     {6, "shape", JsonKind::kInt32, true},
                                     {7, "components", JsonKind::kInt32}};

constexpr FieldInfo kIntervalFields[] = {{1, "min_value", JsonKind::kDouble},
                                         {2, "max_value", JsonKind::kDouble}};
constexpr MessageInfo kInterval{kIntervalFields};
constexpr FieldInfo kHParamInfoFields[] = {{1, "name", JsonKind::kText},
                                           {2, "display_name", JsonKind::kText},
                                           {3, "description", JsonKind::kText},
                                           {4, "type", JsonKind::kEnum, false, nullptr, kDataTypes},
                                           {5, "domain_discrete", JsonKind::kList},
                                           {6, "domain_interval", JsonKind::kMessage, false, &kInterval},
                                           {7, "differs", JsonKind::kBool}};
constexpr MessageInfo kHParamInfo{kHParamInfoFields};
constexpr FieldInfo kMetricNameFields[] = {{1, "group", JsonKind::kText}, {2, "tag", JsonKind::kText}};
constexpr MessageInfo kMetricName{kMetricNameFields};
constexpr FieldInfo kMetricInfoFields[] = {
    {1, "name", JsonKind::kMessage, false, &kMetricName},
    {3, "display_name", JsonKind::kText},
    {4, "description", JsonKind::kText},
    {5, "dataset_type", JsonKind::kEnum, false, nullptr, kDatasetTypes}};
constexpr MessageInfo kMetricInfo{kMetricInfoFields};
constexpr FieldInfo kExperimentFields[] = {{6, "name", JsonKind::kText},
                                           {1, "description", JsonKind::kText},
                                           {2, "user", JsonKind::kText},
                                           {3, "time_created_secs", JsonKind::kDouble},
                                           {4, "hparam_infos", JsonKind::kMessage, true, &kHParamInfo},
                                           {5, "metric_infos", JsonKind::kMessage, true, &kMetricInfo}};
constexpr MessageInfo kExperiment{kExperimentFields};
constexpr FieldInfo kStartFields[] = {{1, "hparams", JsonKind::kValueMap},
                                      {2, "model_uri", JsonKind::kText},
                                      {3, "monitor_url", JsonKind::kText},
                                      {4, "group_name", JsonKind::kText},
                                      {5, "start_time_secs", JsonKind::kDouble}};
constexpr MessageInfo kStart{kStartFields};
constexpr FieldInfo kEndFields[] = {{1, "status", JsonKind::kEnum, false, nullptr, kStatuses},
                                    {2, "end_time_secs", JsonKind::kDouble}};
constexpr MessageInfo kEnd{kEndFields};
constexpr FieldInfo kHParamsFields[] = {{1, "version", JsonKind::kInt32},
                                        {2, "experiment", JsonKind::kMessage, false, &kExperiment},
                                        {3, "session_start_info", JsonKind::kMessage, false, &kStart},
                                        {4, "session_end_info", JsonKind::kMessage, false, &kEnd}};

constexpr FieldInfo kMultilineFields[] = {{1, "tag", JsonKind::kText, true}};
constexpr MessageInfo kMultiline{kMultilineFields};
constexpr FieldInfo kMarginSeriesFields[] = {
    {1, "value", JsonKind::kText}, {2, "lower", JsonKind::kText}, {3, "upper", JsonKind::kText}};
constexpr MessageInfo kMarginSeries{kMarginSeriesFields};
constexpr FieldInfo kMarginFields[] = {{1, "series", JsonKind::kMessage, true, &kMarginSeries}};
constexpr MessageInfo kMargin{kMarginFields};
constexpr FieldInfo kChartFields[] = {{1, "title", JsonKind::kText},
                                      {2, "multiline", JsonKind::kMessage, false, &kMultiline},
                                      {3, "margin", JsonKind::kMessage, false, &kMargin}};
constexpr MessageInfo kChart{kChartFields};
constexpr FieldInfo kCategoryFields[] = {{1, "title", JsonKind::kText},
                                         {2, "chart", JsonKind::kMessage, true, &kChart},
                                         {3, "closed", JsonKind::kBool}};
constexpr MessageInfo kCategory{kCategoryFields};
constexpr FieldInfo kLayoutFields[] = {{1, "version", JsonKind::kInt32},
                                       {2, "category", JsonKind::kMessage, true, &kCategory}};

}  // namespace

const MessageInfo kImagePluginData{kImageFields};
const MessageInfo kAudioPluginData{kAudioFields};
const MessageInfo kPrCurvePluginData{kPrCurveFields};
const MessageInfo kMeshPluginData{kMeshFields};
const MessageInfo kHParamsPluginData{kHParamsFields};
const MessageInfo kCustomScalarLayout{kLayoutFields};

bool WriteMessageJson(Bytes message, const MessageInfo& info, JsonWriter* json) {
  return Printer(json).Message(message, info);
}

}  // namespace tensorpane
