// dl_iterate_phdr is a GNU extension, which the headers that Swift sees leave out.
#define _GNU_SOURCE
#include "CProgramPages.h"
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static int let_go(struct dl_phdr_info *library, size_t size, void *page_size) {
  (void)size;
  uintptr_t page = *(uintptr_t *)page_size;
  for (int index = 0; index < library->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &library->dlpi_phdr[index];
    // A segment that may be written to has this process's own bytes in it, relocated addresses among them.
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
    uintptr_t first = library->dlpi_addr + segment->p_vaddr;
    uintptr_t end = (first + segment->p_memsz + page - 1) & ~(page - 1);
    first &= ~(page - 1);
    madvise((void *)first, end - first, MADV_DONTNEED);
  }
  return 0;
}

void sojourn_let_go_of_program_pages(void) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  dl_iterate_phdr(let_go, &page);
}
