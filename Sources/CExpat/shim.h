#pragma once
// Debian's expat is built with it; the bounds on entities are declared only then.
#ifndef XML_DTD
#define XML_DTD
#endif
#include <expat.h>
