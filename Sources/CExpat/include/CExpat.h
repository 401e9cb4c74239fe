#pragma once
// Debian's expat is built with it; the bounds on entities are declared only then.
#ifndef XML_DTD
#define XML_DTD
#endif
#include <expat.h>
#include <stddef.h>

// A parser for hostile documents: it and all others of the same thread together take at most so much memory, beyond
// which the document counts as refused. expat keeps every name that it meets, and every tag until its end.
//
// It must be freed by the thread that made it.
XML_Parser _Nullable cexpat_bounded_parser(const char *_Nullable encoding, size_t most_bytes);
