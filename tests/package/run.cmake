# Installs a build into an empty prefix, builds the project beside this file against it and runs that.
# cmake -D BUILD_DIR=... -D WORK_DIR=... -D GENERATOR=... -D COMPILER=... -D CONFIG=... -P run.cmake
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}: ${result}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --config ${CONFIG} --prefix ${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK_DIR}/build -G ${GENERATOR}
  -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_BUILD_TYPE=${CONFIG}
  -D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
set(trace ${CMAKE_CURRENT_LIST_DIR}/../../corpus/edge/procs-27/20261123/094830.trace)
run(${WORK_DIR}/build/consumer ${trace})
if(NOT output STREQUAL "25011 events in order\n25011 events scanned\n")
  message(FATAL_ERROR "the consumer printed: ${output}")
endif()
run(${WORK_DIR}/build/example_report ${trace})
if(NOT output MATCHES "^Sleeps\n\nWho slept, by total time\n")
  message(FATAL_ERROR "the example printed: ${output}")
endif()
