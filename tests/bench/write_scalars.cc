// write_scalars FILE EVENTS [TAGS]: an event file of EVENTS scalar events over TAGS tags (1), in the form TF2
// writes them. A test-only writer, for files too large to keep.

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "../cpp/event_bytes.h"

int main(int argc, char** argv) {
  using namespace tensorpane::testing;
  if (argc < 3) {
    std::fputs("usage: write_scalars FILE EVENTS [TAGS]\n", stderr);
    return 2;
  }
  std::FILE* const file = std::fopen(argv[1], "wb");
  if (file == nullptr) {
    std::perror(argv[1]);
    return 1;
  }
  const long events = std::atol(argv[2]);
  const long tags = argc > 3 ? std::atol(argv[3]) : 1;
  const std::string version = Version();
  std::fwrite(version.data(), 1, version.size(), file);
  uint32_t random = 1;
  for (long i = 0; i < events; ++i) {
    random = random * 1664525 + 1013904223;
    const double noise = random / 4294967296.0 - 0.5;
    const auto value = static_cast<float>(
        2 * std::exp(-3.0 * static_cast<double>(i) / static_cast<double>(events)) + noise / 4);
    const std::string tensor = VarintField(1, 1) + BytesField(2, "") + BytesField(4, Raw(value));
    const std::string tag =
        tags == 1 ? "loss" : "group" + std::to_string(i % tags % 10) + "/tag" + std::to_string(i % tags);
    const std::string record = Frame(
        SummaryEvent(i / tags, {TensorValue(tag, "scalars", tensor)}, 1.7e9 + static_cast<double>(i) * 0.01));
    std::fwrite(record.data(), 1, record.size(), file);
  }
  return std::fclose(file);
}
