// reader.wasm: logs, as the page's first worker reads them.

#include "bindings/bind_session.h"

EMSCRIPTEN_BINDINGS(reader) {
  tensorpane::BindExchange();
  tensorpane::BindSession();
}
