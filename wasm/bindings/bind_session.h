#pragma once

#include "bindings/bind_exchange.h"
#include "bindings/session.h"

namespace tensorpane {

/// What every module that reads logs has.
inline void BindSession() {
  emscripten::class_<Session, emscripten::base<Exchange>>("Session")
      .constructor<double>()
      .function("openFile", &Session::openFile)
      .function("feed", &Session::feed)
      .function("provide", &Session::provide)
      .function("finish", &Session::finish)
      .function("abandon", &Session::abandon)
      .function("requestOffset", &Session::requestOffset)
      .function("requestLength", &Session::requestLength)
      .function("kindOf", &Session::kindOf)
      .function("catalogue", &Session::catalogue)
      .function("report", &Session::report)
      .function("restarts", &Session::restarts)
      .function("setPurge", &Session::setPurge)
      .function("lines", &Session::lines)
      .function("pick", &Session::pick)
      .function("steps", &Session::steps)
      .function("points", &Session::points)
      .function("columns", &Session::columns)
      .function("payloads", &Session::payloads);
}

}  // namespace tensorpane
