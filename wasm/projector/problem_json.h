#pragma once

#include <string_view>

#include "projector/problem.h"

namespace tensorpane {

class JsonWriter;

/// Members of EmbeddingProblem (web/src/engine/embeddings/embeddings.ts): what is wrong, in which file, and
/// where in it if that has lines.
void WriteProblemMembers(std::string_view fault, std::string_view path, const ProjectorProblem& place,
                         JsonWriter* json);

}  // namespace tensorpane
