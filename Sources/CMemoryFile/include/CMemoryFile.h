#pragma once

// memfd_create is a GNU extension, which the headers that Swift sees leave out.
// A file in memory without a name, closed in children; -1 with errno where there is none.
int sojourn_memory_file(const char *name);
