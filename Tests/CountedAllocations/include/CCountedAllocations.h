#pragma once
// Stands in for the C library's allocation functions in the tests' own process, and counts what one thread takes.

// Whether they are counted: not under a sanitizer, which has functions of its own.
int counted_allocations_work(void);

// Begins to count on this thread.
void counted_allocations_begin(void);

// Blocks that this thread has taken, or made larger, since it began.
long counted_allocations_now(void);
