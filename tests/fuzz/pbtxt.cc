// The text format of protobuf, and projector configs in it. Input: text.

#include "base/json_writer.h"
#include "base/text_proto.h"
#include "input.h"
#include "projector/projector_config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const std::string text(AsText({data, size}));
  TextProtoReader reader(text);
  size_t depth = 0, steps = 0;
  for (;;) {
    const TextProtoReader::Step step = reader.Next();
    FUZZ_CHECK(++steps <= 2 * size + 2);
    if (step == TextProtoReader::Step::kDone || step == TextProtoReader::Step::kFault) {
      FUZZ_CHECK((step == TextProtoReader::Step::kDone) == (reader.fault() == TextProtoFault::kNone));
      FUZZ_CHECK(step == TextProtoReader::Step::kFault || depth == 0);
      break;
    }
    if (step == TextProtoReader::Step::kBegin) FUZZ_CHECK(++depth <= TextProtoReader::kMaxDepth);
    if (step == TextProtoReader::Step::kEnd) FUZZ_CHECK(depth-- > 0);
    uint32_t number;
    if (step == TextProtoReader::Step::kScalar) reader.scalar().ToUint32(&number);
  }
  ProjectorConfig config;
  ParseProjectorConfig(text, &config);
  JsonWriter json;
  WriteProjectorConfigJson(config, &json);
  for (const EmbeddingInfo& embedding : config.embeddings) {
    FormOfTensor(embedding.tensor_path);
    const auto path = PathInConfigDirectory("run", embedding.tensor_path);
    FUZZ_CHECK(!path || path->find("..") == std::string::npos || path->find("/../") == std::string::npos);
  }
  return 0;
}
