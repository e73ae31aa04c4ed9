#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tools/tracegen/generator.h"
using namespace gtengine;
int main(int argc, char** argv) {
  tracegen::Settings s;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string k = argv[i];
    auto v = std::strtoull(argv[i + 1], nullptr, 10);
    if (k == "-v") s.version = static_cast<wire::Version>(v);
    if (k == "-s") s.seed = v;
    if (k == "-p") s.procs = (unsigned)v;
    if (k == "-g") s.goroutines = (unsigned)v;
    if (k == "-n") s.generations = v;
    if (k == "-b") s.generation_bytes = v;
    if (k == "-B") s.batch_bytes = v;
    if (k == "-r") s.run_length = (unsigned)v;
    if (k == "-f") s.frequency_hz = v;
    if (k == "-d") s.disorder_per_million = v;
    if (k == "-D") s.disorder_reach = (unsigned)v;
    if (k == "-c") s.clock_step = v;
    if (k == "-S") s.stacks = (unsigned)v;
    if (k == "-T") s.strings = (unsigned)v;
  }
  tracegen::Generator g(s);
  while (true) {
    auto v = g.Next();
    if (v.empty()) break;
    fwrite(v.data(), 1, v.size(), stdout);
  }
  fprintf(stderr, "%llu events\n", (unsigned long long)g.events());
}
