// Headers of images. Input: an encoded image.

#include "input.h"
#include "media/image_info.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const ImageInfo info = ReadImageInfo({data, size});
  if (!info.error) FUZZ_CHECK(info.mime || info.width > 0);
  return 0;
}
