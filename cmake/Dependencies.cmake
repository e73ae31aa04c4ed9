# What the build needs from the system. Each part names the Debian package that holds it.

# find_package for something that the build cannot do without.
macro(gtengine_require name debian_package)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "gtengine: ${name} was not found. On Debian it is in the package "
      "${debian_package}; tools/setup.sh installs everything that is needed.")
  endif()
endmacro()

gtengine_require(TBB libtbb-dev)
gtengine_require(hwy libhwy-dev)
gtengine_require(fmt libfmt-dev)
gtengine_require(tsl-robin-map robin-map-dev)
gtengine_require(nlohmann_json nlohmann-json3-dev)
gtengine_require(ZLIB zlib1g-dev)
gtengine_require(zstd libzstd-dev)
gtengine_require(absl libabsl-dev)
gtengine_require(PkgConfig pkg-config)
pkg_check_modules(XXHASH QUIET IMPORTED_TARGET libxxhash)
if(NOT XXHASH_FOUND)
  message(FATAL_ERROR "gtengine: libxxhash was not found. On Debian it is in the package "
    "libxxhash-dev; tools/setup.sh installs everything that is needed.")
endif()
pkg_check_modules(RE2 QUIET IMPORTED_TARGET re2)
if(NOT RE2_FOUND)
  message(FATAL_ERROR "gtengine: re2 was not found. On Debian it is in the package libre2-dev; "
    "tools/setup.sh installs everything that is needed.")
endif()
find_path(GTENGINE_PROTOZERO_INCLUDE_DIR protozero/pbf_writer.hpp)
if(NOT GTENGINE_PROTOZERO_INCLUDE_DIR)
  message(FATAL_ERROR "gtengine: protozero/pbf_writer.hpp was not found. On Debian it is in the "
    "package libprotozero-dev; tools/setup.sh installs everything that is needed.")
endif()

if(GTENGINE_BUILD_TOOLS)
  gtengine_require(CLI11 libcli11-dev)
endif()
if(GTENGINE_BUILD_TESTS)
  gtengine_require(GTest "libgtest-dev and libgmock-dev")
  gtengine_require(OpenSSL libssl-dev)
  gtengine_require(Python3 python3 COMPONENTS Interpreter)
endif()
if(GTENGINE_BUILD_BENCH)
  gtengine_require(benchmark libbenchmark-dev)
endif()
if(GTENGINE_BUILD_TESTS OR GTENGINE_BUILD_BENCH)
  gtengine_require(simdjson libsimdjson-dev)
endif()

# The allocator is a matter of programs, never of the library; sanitizers bring their own.
# Programs name it before everything else that they link.
option(GTENGINE_MIMALLOC "Link the programs with mimalloc" ON)
set(GTENGINE_MALLOC "")
if(GTENGINE_MIMALLOC AND NOT GTENGINE_SANITIZE AND (GTENGINE_BUILD_TOOLS OR GTENGINE_BUILD_BENCH))
  gtengine_require(mimalloc libmimalloc-dev)
  set(GTENGINE_MALLOC mimalloc)
endif()
