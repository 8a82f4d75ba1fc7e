/* Writes down what a program does to the files below one folder, in order: an LD_PRELOAD shim for the power-cut tests.
 *
 *   KENG_CUTS_UNDER   absolute, real path of the folder
 *   KENG_CUTS_LOG     the log, outside it; opened for appending, so that children write into the same one
 *   KENG_CUTS_KILL    kill -9 instead of this process's so-manieth sync; absent: never
 *
 * A record: kind (1 byte), 3 bytes of nothing, inode (u64), offset or length (u64), sizes of two names (u16 each),
 * size of the payload (u32), then names and payload; recording.py reads it. Each goes out in one write, after its deed.
 *
 *   C created      T length set   W written     S synced       D folder synced    M folder made
 *   R renamed      U unlinked     L linked      ! something that this shim cannot write down: the recording is void
 *
 * It serves one thread at a time (a parent that waits for its child included). Memory that is mapped and written is not
 * seen: a map that could be written is a "!", but for SQLite's -shm, whose content SQLite never trusts after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#pragma pack(push, 1)
typedef struct {
    char kind, pad[3];
    uint64_t inode, at;
    uint16_t name_bytes, other_bytes;
    uint32_t bytes;
} head_t;
#pragma pack(pop)

static char under[PATH_MAX];
static size_t under_bytes;
static int log_fd = -1;
static long left = -1; /* syncs until it is killed */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void)
{
    const char *folder = getenv("KENG_CUTS_UNDER"), *log = getenv("KENG_CUTS_LOG");
    if (!folder || !log)
        return;
    snprintf(under, sizeof under, "%s/", folder);
    under_bytes = strlen(under);
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (getenv("KENG_CUTS_KILL"))
        left = atol(getenv("KENG_CUTS_KILL"));
    if (log_fd >= 0) /* out of the way of programs that count on low numbers */
        log_fd = fcntl(log_fd, F_DUPFD_CLOEXEC, 500);
}

static void note(char kind, uint64_t inode, uint64_t at, const char *name, const char *other, const void *payload,
                 size_t bytes)
{
    int kept = errno;
    head_t head = { kind, { 0 }, inode, at, (uint16_t)strlen(name), (uint16_t)strlen(other), (uint32_t)bytes };
    struct iovec parts[] = { { &head, sizeof head },
                             { (void *)name, head.name_bytes },
                             { (void *)other, head.other_bytes },
                             { (void *)payload, bytes } };
    ssize_t whole = (ssize_t)(sizeof head + head.name_bytes + head.other_bytes + bytes);
    if (syscall(SYS_writev, log_fd, parts, 4) != whole)
        abort(); /* half a recording must not look like a whole one */
    errno = kept;
}

static void unknown(const char *what)
{
    note('!', 0, 0, what, "", "", 0);
}

/* Within the folder: the path from there, "" for the folder itself; NULL: none of ours. */
static const char *ours(const char *path)
{
    if (under_bytes && strncmp(path, under, under_bytes) == 0)
        return path + under_bytes;
    return under_bytes && strlen(path) == under_bytes - 1 && strncmp(path, under, under_bytes - 1) == 0 ? "" : NULL;
}

/* `path` seen from `dir`, without following its last name. */
static const char *named(int dir, const char *path, char *whole)
{
    char folder[PATH_MAX], link[64];
    if (log_fd < 0 || !path)
        return NULL;
    if (path[0] == '/') {
        snprintf(folder, sizeof folder, "%s", path);
    } else {
        char base[PATH_MAX / 2];
        snprintf(link, sizeof link, dir == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", dir);
        ssize_t n = readlink(link, base, sizeof base - 1);
        if (n < 0)
            return NULL;
        base[n] = 0;
        snprintf(folder, sizeof folder, "%s/%.2000s", base, path);
    }
    char *last = strrchr(folder, '/');
    char *name = last + 1;
    if (*name == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return realpath(folder, whole) ? ours(whole) : NULL;
    *last = 0;
    char real[PATH_MAX];
    if (!realpath(*folder ? folder : "/", real))
        return NULL;
    snprintf(whole, PATH_MAX, "%.2000s/%.1000s", real, name);
    return ours(whole);
}

/* The same of an open file; its inode too. */
static const char *of_file(int fd, char *whole, struct stat *seen)
{
    char link[64];
    if (log_fd < 0 || fd < 0 || fd == log_fd)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, whole, PATH_MAX - 1);
    if (n < 0)
        return NULL;
    whole[n] = 0;
    return ours(whole) && fstat(fd, seen) == 0 ? ours(whole) : NULL;
}

static int opened(int dir, const char *path, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    struct stat seen;
    const char *name = flags & (O_CREAT | O_TRUNC) ? named(dir, path, whole) : NULL;
    int was = name && fstatat(dir, path, &seen, 0) == 0;
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    if (fd >= 0 && name && fstat(fd, &seen) == 0) {
        if (!was)
            note('C', seen.st_ino, 0, name, "", "", 0);
        else if (flags & O_TRUNC)
            note('T', seen.st_ino, 0, "", "", "", 0);
    }
    return fd;
}

#define OPENS(dir)                                                              \
    {                                                                           \
        va_list more;                                                           \
        va_start(more, flags);                                                  \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                           \
        return opened(dir, path, flags, mode);                                  \
    }
int open(const char *path, int flags, ...) OPENS(AT_FDCWD)
int open64(const char *path, int flags, ...) OPENS(AT_FDCWD)
int openat(int dir, const char *path, int flags, ...) OPENS(dir)
int openat64(int dir, const char *path, int flags, ...) OPENS(dir)
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static FILE *streamed(FILE *(*real)(const char *, const char *), const char *path, const char *mode)
{
    char whole[PATH_MAX];
    if ((strpbrk(mode, "wa+")) && named(AT_FDCWD, path, whole))
        unknown("fopen");
    return real(path, mode);
}
FILE *fopen(const char *path, const char *mode) { return streamed(REAL(fopen), path, mode); }
FILE *fopen64(const char *path, const char *mode) { return streamed(REAL(fopen64), path, mode); }

static ssize_t written(int fd, const void *from, ssize_t n, off_t at)
{
    char whole[PATH_MAX];
    struct stat seen;
    if (n > 0 && of_file(fd, whole, &seen) && S_ISREG(seen.st_mode))
        note('W', seen.st_ino, (uint64_t)(at < 0 ? lseek(fd, 0, SEEK_CUR) - n : at), "", "", from, (size_t)n);
    return n;
}
ssize_t write(int fd, const void *from, size_t n) { return written(fd, from, syscall(SYS_write, fd, from, n), -1); }
static ssize_t put(int fd, const void *from, size_t n, off_t at)
{
    return written(fd, from, syscall(SYS_pwrite64, fd, from, n, at), at);
}
ssize_t pwrite(int fd, const void *from, size_t n, off_t at) { return put(fd, from, n, at); }
ssize_t pwrite64(int fd, const void *from, size_t n, off_t at) { return put(fd, from, n, at); }

/* Several pieces, one after another: nobody here tells the difference. */
static ssize_t pieces(int fd, const struct iovec *parts, int count, off_t at)
{
    ssize_t sum = 0;
    for (int i = 0; i < count; i++) {
        ssize_t n = at < 0 ? write(fd, parts[i].iov_base, parts[i].iov_len)
                           : put(fd, parts[i].iov_base, parts[i].iov_len, at + sum);
        if (n < 0)
            return sum ? sum : n;
        sum += n;
        if ((size_t)n < parts[i].iov_len)
            break;
    }
    return sum;
}
#define VECTOR(name, at, ...)                                                       \
    {                                                                               \
        char whole[PATH_MAX];                                                       \
        struct stat seen;                                                           \
        return of_file(fd, whole, &seen) ? pieces(fd, parts, count, at) : REAL(name)(__VA_ARGS__); \
    }
ssize_t writev(int fd, const struct iovec *parts, int count) VECTOR(writev, -1, fd, parts, count)
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) VECTOR(pwritev, at, fd, parts, count, at)
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) VECTOR(pwritev64, at, fd, parts, count, at)

static int resized(int fd, int result, off_t bytes)
{
    char whole[PATH_MAX];
    struct stat seen;
    if (result == 0 && of_file(fd, whole, &seen))
        note('T', seen.st_ino, (uint64_t)bytes, "", "", "", 0);
    return result;
}
int ftruncate(int fd, off_t bytes) { return resized(fd, (int)syscall(SYS_ftruncate, fd, bytes), bytes); }
int ftruncate64(int fd, off64_t bytes) { return resized(fd, (int)syscall(SYS_ftruncate, fd, bytes), bytes); }

static int synced(int fd, int (*real)(int))
{
    char whole[PATH_MAX];
    struct stat seen;
    const char *name = of_file(fd, whole, &seen);
    if (name && left > 0 && --left == 0)
        raise(SIGKILL);
    int result = real(fd);
    if (name && result == 0)
        note(S_ISDIR(seen.st_mode) ? 'D' : 'S', seen.st_ino, 0, S_ISDIR(seen.st_mode) ? name : "", "", "", 0);
    return result;
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int named_anew(char kind, int from_dir, const char *from, int to_dir, const char *to, long result)
{
    char a[PATH_MAX], b[PATH_MAX];
    const char *old = result == 0 ? named(from_dir, from, a) : NULL, *new = result == 0 ? named(to_dir, to, b) : NULL;
    struct stat seen;
    if (old && new && fstatat(to_dir, to, &seen, AT_SYMLINK_NOFOLLOW) == 0)
        note(kind, seen.st_ino, 0, old, new, "", 0);
    else if (old || new)
        unknown("a name that comes or goes");
    return (int)result;
}
int rename(const char *a, const char *b) { return named_anew('R', AT_FDCWD, a, AT_FDCWD, b, REAL(rename)(a, b)); }
int renameat(int da, const char *a, int db, const char *b)
{
    return named_anew('R', da, a, db, b, REAL(renameat)(da, a, db, b));
}
int link(const char *a, const char *b) { return named_anew('L', AT_FDCWD, a, AT_FDCWD, b, REAL(link)(a, b)); }

static int removed(int dir, const char *path, int flags)
{
    char whole[PATH_MAX];
    struct stat seen = { 0 };
    const char *name = named(dir, path, whole);
    if (name)
        fstatat(dir, path, &seen, AT_SYMLINK_NOFOLLOW);
    int result = (int)syscall(SYS_unlinkat, dir, path, flags);
    if (result == 0 && name)
        note('U', seen.st_ino, 0, name, "", "", 0);
    return result;
}
int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int dir, const char *path, int flags) { return removed(dir, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

static int made(int dir, const char *path, int result)
{
    char whole[PATH_MAX];
    const char *name = result == 0 ? named(dir, path, whole) : NULL;
    if (name)
        note('M', 0, 0, name, "", "", 0);
    return result;
}
int mkdir(const char *path, mode_t mode) { return made(AT_FDCWD, path, REAL(mkdir)(path, mode)); }
int mkdirat(int dir, const char *path, mode_t mode) { return made(dir, path, REAL(mkdirat)(dir, path, mode)); }

static void *mapped(void *where, size_t n, int protection, int flags, int fd, off_t at)
{
    char whole[PATH_MAX];
    struct stat seen;
    if (protection & PROT_WRITE && flags & MAP_SHARED && of_file(fd, whole, &seen)) {
        size_t bytes = strlen(whole);
        if (bytes < 4 || strcmp(whole + bytes - 4, "-shm") != 0)
            unknown("mmap");
    }
    return (void *)syscall(SYS_mmap, where, n, protection, flags, fd, at);
}
void *mmap(void *where, size_t n, int p, int f, int fd, off_t at) { return mapped(where, n, p, f, fd, at); }
void *mmap64(void *where, size_t n, int p, int f, int fd, off64_t at) { return mapped(where, n, p, f, fd, at); }

#define NEVER(name, fd, ...)                         \
    {                                                \
        char whole[PATH_MAX];                        \
        struct stat seen;                            \
        if (of_file(fd, whole, &seen))               \
            unknown(#name);                          \
        return REAL(name)(__VA_ARGS__);              \
    }
int posix_fallocate(int fd, off_t at, off_t n) NEVER(posix_fallocate, fd, fd, at, n)
int posix_fallocate64(int fd, off64_t at, off64_t n) NEVER(posix_fallocate64, fd, fd, at, n)
int fallocate(int fd, int mode, off_t at, off_t n) NEVER(fallocate, fd, fd, mode, at, n)
int fallocate64(int fd, int mode, off64_t at, off64_t n) NEVER(fallocate64, fd, fd, mode, at, n)
ssize_t copy_file_range(int a, off64_t *at, int fd, off64_t *to, size_t n, unsigned f)
    NEVER(copy_file_range, fd, a, at, fd, to, n, f)
ssize_t sendfile(int fd, int a, off_t *at, size_t n) NEVER(sendfile, fd, fd, a, at, n)
ssize_t sendfile64(int fd, int a, off64_t *at, size_t n) NEVER(sendfile64, fd, fd, a, at, n)
