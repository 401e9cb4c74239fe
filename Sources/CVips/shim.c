#define _GNU_SOURCE
#include "CVips.h"
#include <dlfcn.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void sojourn_picture_confine(uint64_t memory_bytes, uint64_t processor_seconds) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  struct rlimit memory = {memory_bytes, memory_bytes};
  setrlimit(RLIMIT_AS, &memory);
  struct rlimit processor = {processor_seconds, processor_seconds};
  setrlimit(RLIMIT_CPU, &processor);
  struct rlimit core = {0, 0};
  setrlimit(RLIMIT_CORE, &core);
  // Not every kernel allows it; nothing that is used of libvips opens a connection anyway.
  if (unshare(CLONE_NEWNET) != 0) { int refused = unshare(CLONE_NEWUSER | CLONE_NEWNET); (void)refused; }
}

// The part of libvips that is used, found by name. All of it is in 8.13 and later.
typedef struct {
  int (*init)(const char *);
  void (*block_untrusted_set)(int);
  void (*cache_set_max)(int);
  void (*concurrency_set)(int);
  void *(*source_new_from_descriptor)(int);
  void *(*target_new_to_descriptor)(int);
  void *(*image_new_from_source)(void *, const char *, ...);
  int (*image_get_width)(const void *);
  int (*image_get_height)(const void *);
  unsigned long (*image_get_typeof)(const void *, const char *);
  int (*image_get_string)(const void *, const char *, const char **);
  int (*image_hasalpha)(void *);
  int (*thumbnail_source)(void *, void **, int, ...);
  int (*jpegsave_target)(void *, void *, ...);
  int (*pngsave_target)(void *, void *, ...);
  void (*object_unref)(void *);
} Vips;

static int load(Vips *vips) {
  void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_GLOBAL);
  if (!library) return 0;
#define FIND(member, name) \
  if (!(*(void **)(&vips->member) = dlsym(library, name))) return 0
  FIND(init, "vips_init");
  FIND(block_untrusted_set, "vips_block_untrusted_set");
  FIND(cache_set_max, "vips_cache_set_max");
  FIND(concurrency_set, "vips_concurrency_set");
  FIND(source_new_from_descriptor, "vips_source_new_from_descriptor");
  FIND(target_new_to_descriptor, "vips_target_new_to_descriptor");
  FIND(image_new_from_source, "vips_image_new_from_source");
  FIND(image_get_width, "vips_image_get_width");
  FIND(image_get_height, "vips_image_get_height");
  FIND(image_get_typeof, "vips_image_get_typeof");
  FIND(image_get_string, "vips_image_get_string");
  FIND(image_hasalpha, "vips_image_hasalpha");
  FIND(thumbnail_source, "vips_thumbnail_source");
  FIND(jpegsave_target, "vips_jpegsave_target");
  FIND(pngsave_target, "vips_pngsave_target");
  FIND(object_unref, "g_object_unref");
#undef FIND
  return 1;
}

// The readers of the four formats that the API takes, and no others.
static int is_allowed(const char *loader) {
  static const char *allowed[] = {"jpegload", "pngload", "webpload", "heifload"};
  for (size_t place = 0; place < sizeof allowed / sizeof *allowed; place++)
    if (strncmp(loader, allowed[place], strlen(allowed[place])) == 0) return 1;
  return 0;
}

// Makes the smaller picture. One with a profile of its own is converted to sRGB, which all readers take a picture
// without one for; naming the profile for the others too would shift their colours, and fail on greys.
static int fit(const Vips *vips, int input, int output, int side, int has_profile) {
  if (lseek(input, 0, SEEK_SET) != 0) return SOJOURN_PICTURE_UNREADABLE;
  void *source = vips->source_new_from_descriptor(input), *picture = NULL;
  if (!source) return SOJOURN_PICTURE_UNREADABLE;
  // VIPS_SIZE_DOWN is 2: a small picture stays as it is. It is turned upright by itself. Of one that is broken
  // or breaks off there is no half; 8.14 heeds that in the option string alone.
  int failed = vips->thumbnail_source(source, &picture, side, "height", side, "size", 2, "option_string",
                                      "[fail_on=error]", has_profile ? "export_profile" : NULL, "srgb", NULL);
  if (failed) return SOJOURN_PICTURE_UNREADABLE;
  void *target = vips->target_new_to_descriptor(output);
  if (!target) return SOJOURN_PICTURE_UNWRITABLE;
  // Pixels are decoded now: a picture that breaks off shows here.
  failed = vips->image_hasalpha(picture) ? vips->pngsave_target(picture, target, "strip", 1, NULL)
                                         : vips->jpegsave_target(picture, target, "strip", 1, "Q", 82, NULL);
  return failed ? SOJOURN_PICTURE_UNREADABLE : SOJOURN_PICTURE_DONE;
}

int sojourn_picture_fit(int input, int output, int side, uint64_t most_pixels) {
  Vips vips;
  if (!load(&vips) || vips.init("sojourn") != 0) return SOJOURN_PICTURE_NO_LIBRARY;
  vips.block_untrusted_set(1);
  vips.cache_set_max(0);
  vips.concurrency_set(1);

  void *source = vips.source_new_from_descriptor(input);
  if (!source) return SOJOURN_PICTURE_UNREADABLE;
  // Only the head is read here; pixels are asked for later.
  void *head = vips.image_new_from_source(source, "", NULL);
  if (!head) return SOJOURN_PICTURE_UNREADABLE;
  const char *loader = "";
  if (vips.image_get_string(head, "vips-loader", &loader) != 0 || !is_allowed(loader)) return SOJOURN_PICTURE_UNREADABLE;
  uint64_t width = (uint64_t)vips.image_get_width(head), height = (uint64_t)vips.image_get_height(head);
  if (width == 0 || height == 0) return SOJOURN_PICTURE_UNREADABLE;
  if (width > most_pixels / height) return SOJOURN_PICTURE_TOO_LARGE;
  int has_profile = vips.image_get_typeof(head, "icc-profile-data") != 0;
  vips.object_unref(head);
  vips.object_unref(source);

  int result = fit(&vips, input, output, side, has_profile);
  // A profile that cannot be used is no reason to have no picture: its numbers are kept then.
  if (result == SOJOURN_PICTURE_UNREADABLE && has_profile && ftruncate(output, 0) == 0 && lseek(output, 0, SEEK_SET) == 0)
    result = fit(&vips, input, output, side, 0);
  return result;
}
