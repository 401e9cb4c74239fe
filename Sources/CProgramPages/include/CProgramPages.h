#pragma once

// Lets go of the pages of program and libraries that are mapped and were never written to: what runs next maps those
// that it needs again, out of the system's cache. Not thread-bound; nothing is lost.
void sojourn_let_go_of_program_pages(void);
