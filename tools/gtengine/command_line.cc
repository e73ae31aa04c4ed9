#include "tools/gtengine/command_line.h"

namespace gtengine::cli {

void AddPaths(CLI::App& app, std::vector<std::string>& paths, const std::string& name,
              const std::string& description) {
  app.add_option(name, paths, description)->required()->type_name("");
}

}  // namespace gtengine::cli
