/* The air between virtual loudspeakers (pcm_paced.c) and virtual microphones (pcm_heard.c): one file that all map.
 *
 * A ring of milliseconds, each with its own date, so that what nobody sounded is silence and what is old is gone.
 * Two loudspeakers in one air overwrite each other; they do not mix.
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { AIR_HZ = 48000, AIR_PER_MS = AIR_HZ / 1000, AIR_MS = 8192 };

typedef struct {
    int64_t ms; /* monotonic */
    int16_t sample[AIR_PER_MS];
} air_t;

static air_t *air_open(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    air_t *air = NULL;
    if (fd >= 0 && ftruncate(fd, AIR_MS * sizeof(air_t)) == 0)
        air = mmap(NULL, AIR_MS * sizeof(air_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    return air == MAP_FAILED ? NULL : air;
}

static void air_close(air_t *air)
{
    if (air)
        munmap(air, AIR_MS * sizeof(air_t));
}

/* The frame of the air that sounds at a monotonic time. */
static int64_t air_frame(int64_t at_ns)
{
    return at_ns / 1000 * AIR_PER_MS / 1000;
}

__attribute__((unused)) static void air_put(air_t *air, int64_t frame, int16_t sample)
{
    air_t *here = air + frame / AIR_PER_MS % AIR_MS;
    if (here->ms != frame / AIR_PER_MS) {
        memset(here->sample, 0, sizeof here->sample);
        here->ms = frame / AIR_PER_MS;
    }
    here->sample[frame % AIR_PER_MS] = sample;
}

__attribute__((unused)) static int air_get(const air_t *air, int64_t frame)
{
    const air_t *here = air + frame / AIR_PER_MS % AIR_MS;
    return here->ms == frame / AIR_PER_MS ? here->sample[frame % AIR_PER_MS] : 0;
}
