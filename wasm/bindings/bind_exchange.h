#pragma once

#include <emscripten/bind.h>

#include "bindings/exchange.h"

namespace tensorpane {

/// What every module says of its bulk data.
inline void BindExchange() {
  emscripten::class_<Exchange>("Exchange")
      .function("reserveInput", &Exchange::reserveInput)
      .function("numbersPointer", &Exchange::numbersPointer)
      .function("numbersSize", &Exchange::numbersSize)
      .function("textPointer", &Exchange::textPointer)
      .function("textSize", &Exchange::textSize)
      .function("dataPointer", &Exchange::dataPointer)
      .function("dataSize", &Exchange::dataSize)
      .function("releaseBuffers", &Exchange::releaseBuffers);
}

}  // namespace tensorpane
