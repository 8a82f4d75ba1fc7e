/* LD_PRELOAD: the wall clock of one process, wrong by as much as a file says, at each look; a clock nobody keeps.

   KENG_WALL_OFFSET_FILE holds seconds, which a test may change while the process runs: the clock jumps. Monotonic time
   is not touched, nor is anything of another process. KENG_WALL_SAYS is what adjtimex(2) says of it: "kept", in step with
   NTP, or "unkept", as on a Pi that has just booted without a network.
   What it does not reach: the times of files, and programs that ask the kernel without libc. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000LL

static long long offset_ns(void)
{
    char text[64];
    ssize_t length;
    const char *name = getenv("KENG_WALL_OFFSET_FILE");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    if (file < 0)
        return 0;
    length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0)
        return 0;
    text[length] = 0;
    return (long long)(atof(text) * SECOND_NS);
}

int clock_gettime(clockid_t which, struct timespec *at)
{
    int failed = (int)syscall(SYS_clock_gettime, which, at);

    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        long long ns = at->tv_sec * SECOND_NS + at->tv_nsec + offset_ns();
        at->tv_sec = ns / SECOND_NS;
        at->tv_nsec = ns % SECOND_NS;
    }
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

int adjtimex(struct timex *state)
{
    int answer = (int)syscall(SYS_adjtimex, state);
    const char *says = getenv("KENG_WALL_SAYS");

    if (!says)
        return answer;
    state->status = strcmp(says, "kept") ? STA_UNSYNC : 0;
    return strcmp(says, "kept") ? TIME_ERROR : TIME_OK;
}
