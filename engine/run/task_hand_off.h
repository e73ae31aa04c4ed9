// States to ThreadSanitizer the order that oneTBB gives to tasks. The packaged libtbb is not
// instrumented: without this, TSan takes every value that one task or thread leaves to another for
// a race. Empty in other builds.
//
//   const auto body = [&](std::size_t i) { TaskScope scope; ... };
//   PublishToTasks();                    // after everything that tasks read, `body` included
//   tbb::parallel_for(begin, end, body);
//   ReceiveFromTasks();                  // before what tasks wrote is read
//
// For tbb::parallel_for, parallel_pipeline and task_group; not for parallel_reduce, which folds its
// tree outside task bodies: reduce in a task body or after the tasks.
//
// Tasks that run at the same time are still checked against each other; tasks that run one after
// the other count as ordered.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace gtengine {

#if defined(__SANITIZE_THREAD__)
namespace hand_off_internal {
// One for all: a task must be able to receive before it reads anything, its captures included.
inline char token = 0;
}  // namespace hand_off_internal

inline void PublishToTasks() { __tsan_release(&hand_off_internal::token); }
inline void ReceiveFromTasks() { __tsan_acquire(&hand_off_internal::token); }
#else
inline void PublishToTasks() {}
inline void ReceiveFromTasks() {}
#endif

// The first local variable of every task body.
class TaskScope {
 public:
  TaskScope() { ReceiveFromTasks(); }
  ~TaskScope() { PublishToTasks(); }
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;
};

// The last member of a task body that oneTBB copies into a task of its own, as task_group::run
// does: the members before it are copied first, and then published.
class PublishedByCopy {
 public:
  PublishedByCopy() = default;
  PublishedByCopy(const PublishedByCopy& /*other*/) { PublishToTasks(); }
  PublishedByCopy& operator=(const PublishedByCopy&) = delete;
};

}  // namespace gtengine
