#include "CSQLiteMemory.h"

#include <malloc.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KEEPS_NOTHING 1
#endif
#endif

// A block of class c has at least 16 c - 8 usable bytes: glibc's own steps.
enum { step = 16, overhead = 8, classes = 65 };
static const size_t most = 32 * 1024;

struct kept_block {
  struct kept_block *next;
};

struct kept {
  struct kept_block *blocks[classes];
  size_t bytes;
  int is_known;
};

static _Thread_local struct kept kept;
static pthread_key_t ending;
static int has_key;

static int room(int class) { return class * step - overhead; }
/// The smallest class whose blocks hold `size` bytes.
static int class_for(int size) { return size <= room(2) ? 2 : (size + overhead + step - 1) / step; }
/// The largest class that a block of `usable` bytes can serve.
static size_t class_of(size_t usable) { return (usable + overhead) / step; }

static void give_back(void *of_thread) {
  struct kept *all = of_thread;
  for (int class = 0; class < classes; class++) {
    while (all->blocks[class] != NULL) {
      struct kept_block *block = all->blocks[class];
      all->blocks[class] = block->next;
      free(block);
    }
  }
  // Whatever else ends with the thread may still give back blocks: none of them is kept.
  all->bytes = most;
}

static void *take(int size) {
  if (size <= 0) return NULL;
  const int class = class_for(size);
  if (class >= classes) return malloc((size_t)size);
  struct kept_block *block = kept.blocks[class];
  if (block == NULL) return malloc((size_t)room(class));
  kept.blocks[class] = block->next;
  kept.bytes -= (size_t)room(class);
  return block;
}

static void give(void *pointer) {
  if (pointer == NULL) return;
#ifndef KEEPS_NOTHING
  const size_t class = class_of(malloc_usable_size(pointer));
  if (class >= 2 && class < classes && kept.bytes + (size_t)room((int)class) <= most) {
    if (!kept.is_known) kept.is_known = has_key && pthread_setspecific(ending, &kept) == 0;
    if (kept.is_known) {
      struct kept_block *block = pointer;
      block->next = kept.blocks[class];
      kept.blocks[class] = block;
      kept.bytes += (size_t)room((int)class);
      return;
    }
  }
#endif
  free(pointer);
}

static void *resize(void *pointer, int size) { return realloc(pointer, (size_t)size); }
static int size_of(void *pointer) { return pointer == NULL ? 0 : (int)malloc_usable_size(pointer); }

static int rounded(int size) {
  const int class = class_for(size);
  return class < classes ? room(class) : (size + 7) & ~7;
}

static int begin(void *context) {
  (void)context;
  has_key = pthread_key_create(&ending, give_back) == 0;
  return SQLITE_OK;
}

static void end(void *context) { (void)context; }

int sojourn_sqlite_memory_use(void) {
  static const sqlite3_mem_methods methods = {take, give, resize, size_of, rounded, begin, end, NULL};
  const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  return uncounted == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) : uncounted;
}
