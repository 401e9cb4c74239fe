#include "CExpat.h"
#include <stdlib.h>
#include <string.h>

// expat gives its allocator no context, so that what is taken is counted by thread.
static _Thread_local size_t taken, most;

// In front of each block stands its size, on a boundary that suits everything.
typedef union {
  size_t size;
  max_align_t alignment;
} Head;

static void *take(size_t size) {
  if (size > most || taken > most - size) return NULL;
  Head *head = malloc(sizeof(Head) + size);
  if (!head) return NULL;
  head->size = size;
  taken += size;
  return head + 1;
}

static void give_back(void *block) {
  if (!block) return;
  Head *head = (Head *)block - 1;
  taken -= head->size;
  free(head);
}

static void *resize(void *block, size_t size) {
  if (!block) return take(size);
  Head *head = (Head *)block - 1;
  size_t before = head->size;
  if (size > most || taken - before > most - size) return NULL;
  Head *moved = realloc(head, sizeof(Head) + size);
  if (!moved) return NULL;
  moved->size = size;
  taken += size - before;
  return moved + 1;
}

XML_Parser cexpat_bounded_parser(const char *encoding, size_t most_bytes) {
  static const XML_Memory_Handling_Suite suite = {take, resize, give_back};
  most = most_bytes;
  return XML_ParserCreate_MM(encoding, &suite, NULL);
}
