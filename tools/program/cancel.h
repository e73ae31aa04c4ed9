// Being told to stop.
#pragma once

namespace gtengine::cli {

// From now on SIGINT, SIGTERM and SIGHUP ask the program to stop (those that were ignored stay so),
// and a closed pipe is an error like others. When it has not ended two seconds later, or is asked a
// second time, it ends at once. A mapped file that turns out to be shorter ends it with a message.
// Call once, before other threads start.
void CatchSignals();

// Whether the program was asked to stop. Safe from any thread.
bool IsCancelled();

// The file to remove should the program have to end at once; null: none. The text is borrowed until
// the next call. One file at a time.
void RemoveWhenKilled(const char* path);

}  // namespace gtengine::cli
