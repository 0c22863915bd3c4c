/* Lets a program see a processor that has AVX2 and nothing newer.
 *
 * mask.py copies a program's libraries and writes `ud2` over each `cpuid`: both are two bytes long. This library
 * is loaded before them (LD_PRELOAD), catches the fault, asks the processor, takes the newer features out of the
 * answer and goes on. CPUID_MASK_SITES names a file with one `NAME ADDRESS` a line: the file name of a library, or
 * `.` for the program itself, and the address of a `ud2` within it, hexadecimal and rising.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define MAX_SITES 1024
#define MAX_NAME 256

struct site {
    char name[MAX_NAME];
    uintptr_t address;
};

static struct site sites[MAX_SITES];
static int num_sites;
static atomic_int num_answers;

/* How often a masked answer was given; the measuring process asks, to see that the mask is on. */
int cpuid_mask_answers(void) { return atomic_load(&num_answers); }

/* Bits that a processor with AVX2 alone does not have; names as in Intel's manual, volume 2, CPUID. */
static void mask(uint32_t leaf, uint32_t subleaf, uint32_t registers[4]) {
    uint32_t *eax = &registers[0], *ebx = &registers[1], *ecx = &registers[2], *edx = &registers[3];
    if (leaf == 7 && subleaf == 0) {
        /* AVX512: F, DQ, IFMA, PF, ER, CD, BW, VL. */
        *ebx &= ~(1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31);
        /* AVX512: VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ. */
        *ecx &= ~(1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);
        /* AVX512: 4VNNIW, 4FMAPS, VP2INTERSECT; AMX-BF16; AVX512-FP16; AMX-TILE, AMX-INT8. */
        *edx &= ~(1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25);
    } else if (leaf == 7 && subleaf == 1) {
        /* AVX-VNNI, AVX512-BF16, AMX-FP16, AVX-IFMA. */
        *eax &= ~(1u << 4 | 1u << 5 | 1u << 21 | 1u << 23);
        /* AVX-VNNI-INT8, AVX-NE-CONVERT, AMX-COMPLEX, AVX-VNNI-INT16, AVX10. */
        *edx &= ~(1u << 4 | 1u << 5 | 1u << 8 | 1u << 10 | 1u << 19);
    } else if (leaf == 0x1d || leaf == 0x1e || leaf == 0x24) {
        /* Tiles and AVX10. */
        *eax = *ebx = *ecx = *edx = 0;
    }
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : *path ? path : ".";
}

/* Whether the address that `wanted` points to is a site of this loaded object. */
static int is_site(struct dl_phdr_info *object, size_t size, void *wanted) {
    (void)size;
    uintptr_t address = *(uintptr_t *)wanted - object->dlpi_addr;
    const char *name = file_name(object->dlpi_name);
    for (int i = 0; i < num_sites; i++)
        if (sites[i].address == address && strcmp(sites[i].name, name) == 0)
            return 1;
    return 0;
}

static void answer(int signal_number, siginfo_t *info, void *context) {
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t address = (uintptr_t)registers[REG_RIP];
    if (!dl_iterate_phdr(is_site, &address)) {
        /* A fault of somebody else: without this handler it comes again and ends the process. */
        signal(signal_number, SIG_DFL);
        return;
    }
    uint32_t leaf = (uint32_t)registers[REG_RAX], subleaf = (uint32_t)registers[REG_RCX], found[4];
    __cpuid_count(leaf, subleaf, found[0], found[1], found[2], found[3]);
    mask(leaf, subleaf, found);
    registers[REG_RAX] = found[0];
    registers[REG_RBX] = found[1];
    registers[REG_RCX] = found[2];
    registers[REG_RDX] = found[3];
    registers[REG_RIP] += 2;
    atomic_fetch_add(&num_answers, 1);
}

static void fail(const char *what) {
    fprintf(stderr, "cpuid_mask: %s\n", what);
    exit(1);
}

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("CPUID_MASK_SITES");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file)
        fail("CPUID_MASK_SITES names no file that can be read");
    while (num_sites < MAX_SITES &&
           fscanf(file, "%255s %lx", sites[num_sites].name, &sites[num_sites].address) == 2)
        num_sites++;
    if (num_sites == MAX_SITES || !feof(file))
        fail("CPUID_MASK_SITES: too many lines, or one that is not `NAME ADDRESS`");
    fclose(file);
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGILL, &action, NULL))
        fail("no handler for SIGILL");
}
