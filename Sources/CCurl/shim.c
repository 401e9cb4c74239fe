// Everything stands in the header; a C target needs one file to compile.
#include "CCurl.h"
