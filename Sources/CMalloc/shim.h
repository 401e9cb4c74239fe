#pragma once
// mallopt is not in the module that Swift has of the C library.
#include <malloc.h>
