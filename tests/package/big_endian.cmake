# Configures the project as for a big-endian machine and expects to be told why that cannot be.
# cmake -D SOURCE_DIR=... -D WORK_DIR=... -D GENERATOR=... -D COMPILER=... -P big_endian.cmake
file(REMOVE_RECURSE ${WORK_DIR})
# CMake's own finding is replaced behind project().
file(WRITE ${WORK_DIR}/byte_order.cmake "set(CMAKE_CXX_BYTE_ORDER BIG_ENDIAN)\n")
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${WORK_DIR}/build -G ${GENERATOR}
  -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_PROJECT_INCLUDE=${WORK_DIR}/byte_order.cmake
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0 OR NOT output MATCHES "needs a little-endian machine")
  message(FATAL_ERROR "exit status ${result}:\n${output}")
endif()
