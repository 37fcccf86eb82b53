#pragma once

#include <span>
#include <string_view>

#include "base/bytes.h"

namespace tensorpane {

class JsonWriter;

/// How a field of a message is printed.
enum class JsonKind : uint8_t {
  kInt32,  ///< a number; also uint32
  kInt64,  ///< a string, since JSON numbers are doubles
  kDouble,
  kBool,
  kEnum,  ///< the name of its number
  kText,
  kMessage,
  kValueMap,  ///< map<string, google.protobuf.Value>, as an object
  kList,      ///< google.protobuf.ListValue, as an array
};

struct MessageInfo;

struct FieldInfo {
  uint32_t number;
  std::string_view name;
  JsonKind kind;
  bool repeated = false;
  const MessageInfo* message = nullptr;               ///< of kMessage
  std::span<const std::string_view> enum_names = {};  ///< of kEnum, by number
};

struct MessageInfo {
  std::span<const FieldInfo> fields;
};

/// Prints a serialized message as protobuf's JSON form does with original field names: fields that are set to
/// something, in the order of the table; unknown ones are left out (protobuf.dev/programming-guides/json).
/// False = the bytes are not such a message; what was written then is to be thrown away.
bool WriteMessageJson(Bytes message, const MessageInfo& info, JsonWriter* json);

// Plugin data and layouts of TensorBoard: tensorboard/plugins/<plugin>/plugin_data.proto,
// custom_scalar/layout.proto, hparams/api.proto.
extern const MessageInfo kImagePluginData;
extern const MessageInfo kAudioPluginData;
extern const MessageInfo kPrCurvePluginData;
extern const MessageInfo kMeshPluginData;
extern const MessageInfo kHParamsPluginData;
extern const MessageInfo kCustomScalarLayout;

}  // namespace tensorpane
