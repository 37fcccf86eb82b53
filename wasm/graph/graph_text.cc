#include "graph/graph_text.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/text_proto.h"
#include "events/wire.h"
#include "graph/data_type.h"
#include "graph/graph_fields.h"

namespace tensorpane {
namespace {

enum class Kind : uint8_t { kBytes, kVarint, kFloat, kDouble, kType, kMessage };

struct MessageFields;

struct NamedField {
  std::string_view name;
  uint32_t number;
  Kind kind;
  const MessageFields* message = nullptr;
};

struct MessageFields {
  std::span<const NamedField> fields;

  const NamedField* Find(std::string_view name) const {
    for (const NamedField& field : fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }
};

// tensorflow/core/framework/*.proto, tensorflow/core/protobuf/{config,meta_graph,saved_model}.proto.
extern const MessageFields kAttrValue;

constexpr NamedField kDimFields[] = {{"size", 1, Kind::kVarint}, {"name", 2, Kind::kBytes}};
constexpr MessageFields kDim = {kDimFields};
constexpr NamedField kShapeFields[] = {{"dim", 2, Kind::kMessage, &kDim}, {"unknown_rank", 3, Kind::kVarint}};
constexpr MessageFields kShape = {kShapeFields};
constexpr NamedField kTensorFields[] = {
    {"dtype", 1, Kind::kType},           {"tensor_shape", 2, Kind::kMessage, &kShape},
    {"tensor_content", 4, Kind::kBytes}, {"float_val", 5, Kind::kFloat},
    {"double_val", 6, Kind::kDouble},    {"int_val", 7, Kind::kVarint},
    {"string_val", 8, Kind::kBytes},     {"scomplex_val", 9, Kind::kFloat},
    {"int64_val", 10, Kind::kVarint},    {"bool_val", 11, Kind::kVarint},
    {"dcomplex_val", 12, Kind::kDouble}, {"half_val", 13, Kind::kVarint},
    {"uint32_val", 16, Kind::kVarint},   {"uint64_val", 17, Kind::kVarint},
    {"float8_val", 18, Kind::kBytes}};
constexpr MessageFields kTensor = {kTensorFields};
constexpr NamedField kAttrEntryFields[] = {{"key", 1, Kind::kBytes},
                                           {"value", 2, Kind::kMessage, &kAttrValue}};
constexpr MessageFields kAttrEntry = {kAttrEntryFields};
constexpr NamedField kFuncFields[] = {{"name", 1, Kind::kBytes}, {"attr", 2, Kind::kMessage, &kAttrEntry}};
constexpr MessageFields kFunc = {kFuncFields};
constexpr NamedField kListFields[] = {{"s", 2, Kind::kBytes},
                                      {"i", 3, Kind::kVarint},
                                      {"f", 4, Kind::kFloat},
                                      {"b", 5, Kind::kVarint},
                                      {"type", 6, Kind::kType},
                                      {"shape", 7, Kind::kMessage, &kShape},
                                      {"tensor", 8, Kind::kMessage, &kTensor},
                                      {"func", 9, Kind::kMessage, &kFunc}};
constexpr MessageFields kList = {kListFields};
constexpr NamedField kAttrValueFields[] = {{"list", 1, Kind::kMessage, &kList},
                                           {"s", 2, Kind::kBytes},
                                           {"i", 3, Kind::kVarint},
                                           {"f", 4, Kind::kFloat},
                                           {"b", 5, Kind::kVarint},
                                           {"type", 6, Kind::kType},
                                           {"shape", 7, Kind::kMessage, &kShape},
                                           {"tensor", 8, Kind::kMessage, &kTensor},
                                           {"placeholder", 9, Kind::kBytes},
                                           {"func", 10, Kind::kMessage, &kFunc}};
constexpr MessageFields kAttrValue = {kAttrValueFields};
constexpr NamedField kNodeFields[] = {{"name", 1, Kind::kBytes},
                                      {"op", 2, Kind::kBytes},
                                      {"input", 3, Kind::kBytes},
                                      {"device", 4, Kind::kBytes},
                                      {"attr", 5, Kind::kMessage, &kAttrEntry}};
constexpr MessageFields kNode = {kNodeFields};
constexpr NamedField kArgFields[] = {{"name", 1, Kind::kBytes},
                                     {"type", 3, Kind::kType},
                                     {"type_attr", 4, Kind::kBytes},
                                     {"number_attr", 5, Kind::kBytes},
                                     {"type_list_attr", 6, Kind::kBytes}};
constexpr MessageFields kArg = {kArgFields};
constexpr NamedField kSignatureFields[] = {{"name", 1, Kind::kBytes},
                                           {"input_arg", 2, Kind::kMessage, &kArg},
                                           {"output_arg", 3, Kind::kMessage, &kArg},
                                           {"control_output", 20, Kind::kBytes}};
constexpr MessageFields kSignature = {kSignatureFields};
constexpr NamedField kResultFields[] = {{"key", 1, Kind::kBytes}, {"value", 2, Kind::kBytes}};
constexpr MessageFields kResult = {kResultFields};
constexpr NamedField kArgAttrsFields[] = {{"attr", 1, Kind::kMessage, &kAttrEntry}};
constexpr MessageFields kArgAttrs = {kArgAttrsFields};
constexpr NamedField kArgAttrFields[] = {{"key", 1, Kind::kVarint}, {"value", 2, Kind::kMessage, &kArgAttrs}};
constexpr MessageFields kArgAttr = {kArgAttrFields};
constexpr NamedField kFunctionFields[] = {
    {"signature", 1, Kind::kMessage, &kSignature}, {"node_def", 3, Kind::kMessage, &kNode},
    {"ret", 4, Kind::kMessage, &kResult},          {"attr", 5, Kind::kMessage, &kAttrEntry},
    {"control_ret", 6, Kind::kMessage, &kResult},  {"arg_attr", 7, Kind::kMessage, &kArgAttr}};
constexpr MessageFields kFunction = {kFunctionFields};
constexpr NamedField kLibraryFields[] = {{"function", 1, Kind::kMessage, &kFunction}};
constexpr MessageFields kLibrary = {kLibraryFields};
constexpr NamedField kVersionsFields[] = {{"producer", 1, Kind::kVarint}, {"min_consumer", 2, Kind::kVarint}};
constexpr MessageFields kVersions = {kVersionsFields};
constexpr NamedField kGraphFields[] = {{"node", 1, Kind::kMessage, &kNode},
                                       {"library", 2, Kind::kMessage, &kLibrary},
                                       {"version", 3, Kind::kVarint},
                                       {"versions", 4, Kind::kMessage, &kVersions}};
constexpr MessageFields kGraph = {kGraphFields};
constexpr NamedField kMetaInfoFields[] = {{"meta_graph_version", 1, Kind::kBytes},
                                          {"tags", 4, Kind::kBytes},
                                          {"tensorflow_version", 5, Kind::kBytes}};
constexpr MessageFields kMetaInfo = {kMetaInfoFields};
constexpr NamedField kMetaGraphFields[] = {{"meta_info_def", 1, Kind::kMessage, &kMetaInfo},
                                           {"graph_def", 2, Kind::kMessage, &kGraph}};
constexpr MessageFields kMetaGraph = {kMetaGraphFields};
constexpr NamedField kSavedModelFields[] = {{"saved_model_schema_version", 1, Kind::kVarint},
                                            {"meta_graphs", 2, Kind::kMessage, &kMetaGraph}};
constexpr MessageFields kSavedModel = {kSavedModelFields};
constexpr NamedField kDescriptionFields[] = {{"dtype", 1, Kind::kType},
                                             {"shape", 2, Kind::kMessage, &kShape}};
constexpr MessageFields kDescription = {kDescriptionFields};
constexpr NamedField kNodeOutputFields[] = {{"slot", 1, Kind::kVarint},
                                            {"tensor_description", 3, Kind::kMessage, &kDescription}};
constexpr MessageFields kNodeOutput = {kNodeOutputFields};
constexpr NamedField kMemoryFields[] = {{"total_bytes", 2, Kind::kVarint}};
constexpr MessageFields kMemory = {kMemoryFields};
constexpr NamedField kNodeStatsFields[] = {{"node_name", 1, Kind::kBytes},
                                           {"all_start_micros", 2, Kind::kVarint},
                                           {"all_end_rel_micros", 5, Kind::kVarint},
                                           {"memory", 6, Kind::kMessage, &kMemory},
                                           {"output", 7, Kind::kMessage, &kNodeOutput}};
constexpr MessageFields kNodeStats = {kNodeStatsFields};
constexpr NamedField kDevStatsFields[] = {{"device", 1, Kind::kBytes},
                                          {"node_stats", 2, Kind::kMessage, &kNodeStats}};
constexpr MessageFields kDevStats = {kDevStatsFields};
constexpr NamedField kStepStatsFields[] = {{"dev_stats", 1, Kind::kMessage, &kDevStats}};
constexpr MessageFields kStepStats = {kStepStatsFields};
constexpr NamedField kFunctionGraphsFields[] = {{"pre_optimization_graph", 2, Kind::kMessage, &kGraph}};
constexpr MessageFields kFunctionGraphs = {kFunctionGraphsFields};
constexpr NamedField kRunMetadataFields[] = {{"step_stats", 1, Kind::kMessage, &kStepStats},
                                             {"partition_graphs", 3, Kind::kMessage, &kGraph},
                                             {"function_graphs", 4, Kind::kMessage, &kFunctionGraphs}};
constexpr MessageFields kRunMetadata = {kRunMetadataFields};

struct Root {
  GraphMessage message;
  const MessageFields* fields;
};
constexpr Root kRoots[] = {{GraphMessage::kGraphDef, &kGraph},
                           {GraphMessage::kMetaGraphDef, &kMetaGraph},
                           {GraphMessage::kSavedModel, &kSavedModel},
                           {GraphMessage::kRunMetadata, &kRunMetadata}};

void AppendVarint(uint64_t value, std::string* bytes) {
  for (; value > 127; value >>= 7) *bytes += static_cast<char>((value & 127) | 128);
  *bytes += static_cast<char>(value);
}

void AppendTag(uint32_t number, WireType type, std::string* bytes) {
  AppendVarint(number << 3 | static_cast<uint32_t>(type), bytes);
}

template <class T>
void AppendFixed(T value, std::string* bytes) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes->append(raw, sizeof raw);
}

double NumberOf(const TextScalar& scalar) {
  double number;
  if (scalar.kind == TextScalar::Kind::kIdentifier) {
    number = (scalar.text[0] | 0x20) == 'i' ? std::numeric_limits<double>::infinity()
                                            : std::numeric_limits<double>::quiet_NaN();
  } else {
    // What stands behind the number, an f, does not count.
    number = std::strtod(scalar.text.c_str(), nullptr);
  }
  return scalar.negative ? -number : number;
}

/// Appends the field; nothing if the value is of another type.
void AppendScalar(const NamedField& field, const TextScalar& scalar, std::string* bytes) {
  using ScalarKind = TextScalar::Kind;
  switch (field.kind) {
    case Kind::kBytes:
      if (scalar.kind != ScalarKind::kString) return;
      AppendTag(field.number, WireType::kBytes, bytes);
      AppendVarint(scalar.text.size(), bytes);
      *bytes += scalar.text;
      return;
    case Kind::kVarint:
    case Kind::kType: {
      uint64_t value = 0;
      if (scalar.kind == ScalarKind::kIdentifier) {
        value = field.kind == Kind::kType ? DataTypeOf(scalar.text).value_or(0) : scalar.text == "true";
      } else if (scalar.kind == ScalarKind::kInteger) {
        value = std::strtoull(scalar.text.c_str(), nullptr, 0);
        if (scalar.negative) value = 0 - value;
      } else {
        return;
      }
      AppendTag(field.number, WireType::kVarint, bytes);
      AppendVarint(value, bytes);
      return;
    }
    case Kind::kFloat:
    case Kind::kDouble:
      if (scalar.kind == ScalarKind::kString) return;
      AppendTag(field.number, field.kind == Kind::kFloat ? WireType::kFixed32 : WireType::kFixed64, bytes);
      if (field.kind == Kind::kFloat) {
        AppendFixed(static_cast<float>(NumberOf(scalar)), bytes);
      } else {
        AppendFixed(NumberOf(scalar), bytes);
      }
      return;
    case Kind::kMessage:
      return;
  }
}

}  // namespace

GraphText SerializeGraphText(std::string_view text) {
  using Step = TextProtoReader::Step;
  struct Open {
    const MessageFields* fields;  // null: of a message that is left out
    uint32_t number;
    std::string bytes;
  };
  GraphText graph;
  TextProtoReader reader(text);
  std::vector<Open> open;
  open.push_back({nullptr, 0, {}});
  const auto decide = [&](std::string_view name) {
    for (const Root& root : kRoots) {
      if (open[0].fields != nullptr || root.fields->Find(name) == nullptr) continue;
      graph.message = root.message;
      open[0].fields = root.fields;
    }
  };
  const auto end = [&open] {
    const Open ended = std::move(open.back());
    open.pop_back();
    if (ended.fields == nullptr) return;
    std::string& bytes = open.back().bytes;
    AppendTag(ended.number, WireType::kBytes, &bytes);
    AppendVarint(ended.bytes.size(), &bytes);
    bytes += ended.bytes;
  };
  for (;;) {
    const Step step = reader.Next();
    if (step == Step::kDone || step == Step::kFault) break;
    if (step == Step::kEnd) {
      end();
      continue;
    }
    if (open.size() == 1) decide(reader.name());
    Open& in = open.back();
    const NamedField* const field = in.fields == nullptr ? nullptr : in.fields->Find(reader.name());
    if (step == Step::kScalar) {
      if (field != nullptr) AppendScalar(*field, reader.scalar(), &in.bytes);
    } else {
      // Of a field of another type the message is null, and it is left out.
      open.push_back({field == nullptr ? nullptr : field->message, field == nullptr ? 0 : field->number, {}});
    }
  }
  if (reader.fault() != TextProtoFault::kNone) graph.unread = text.size() - reader.fault_offset();
  // What was read of a text that breaks off stays.
  while (open.size() > 1) end();
  graph.bytes.assign(open[0].bytes.begin(), open[0].bytes.end());
  return graph;
}

}  // namespace tensorpane
