/* A virtual microphone: an ALSA ioplug that hears what a paced card (pcm_paced.c) plays into the same air.
 *
 *   - paced by CLOCK_MONOTONIC: frame k of a run was heard at start + k / rate;
 *   - what is heard was sounded `delay_ms` before, at `gain` thousandths, with `noise` (± so much of 32,768) over it;
 *   - exclusive: one opener at a time (flock on `lock`), the next gets EBUSY;
 *   - while the file `unplug` exists, opening and reading give ENODEV;
 *   - while the file `cut` exists, the loudspeaker's cable is cut: noise alone;
 *   - while the file `deaf` exists, it is muted: zeros alone;
 *   - read too late, it gives EPIPE, until it is prepared again.
 *
 * It models no clock drift, no echo and no clipping but that of 16 bit.
 *
 *   cc -shared -fPIC -O2 -DPIC -o libasound_module_pcm_heard.so pcm_heard.c -lasound
 *
 *   pcm_type.heard { lib "/dir/libasound_module_pcm_heard.so" }
 *   pcm.ear { type heard  air "…"  lock "…"  unplug "…"  cut "…"  deaf "…"  delay_ms 60  gain 300  noise 30 }
 */
#include "air.h"
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <sys/file.h>
#include <sys/timerfd.h>
#include <time.h>

#define NS_PER_S 1000000000LL

typedef struct {
    snd_pcm_ioplug_t io;
    int timer_fd, lock_fd;
    char *unplug, *cut, *deaf;
    long delay_ms, gain, noise;
    air_t *air;
    snd_pcm_uframes_t boundary;
    uint64_t taken; /* frames read since prepare */
    int64_t started_ns;
    uint32_t dice;
    int running;
} ear_t;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static int there(const char *path)
{
    return path && access(path, F_OK) == 0;
}

static uint64_t heard(const ear_t *ear)
{
    return ear->running ? (uint64_t)((double)(now_ns() - ear->started_ns) * ear->io.rate / NS_PER_S) : ear->taken;
}

static int on_start(snd_pcm_ioplug_t *io)
{
    ear_t *ear = io->private_data;
    struct itimerspec every_ms = { { 0, 1000000 }, { 0, 1000000 } };
    ear->started_ns = now_ns();
    ear->running = 1;
    timerfd_settime(ear->timer_fd, 0, &every_ms, NULL);
    return 0;
}

static int on_stop(snd_pcm_ioplug_t *io)
{
    ear_t *ear = io->private_data;
    ear->running = 0;
    return 0;
}

static int on_prepare(snd_pcm_ioplug_t *io)
{
    ear_t *ear = io->private_data;
    ear->running = 0;
    ear->taken = 0;
    return there(ear->unplug) ? -ENODEV : 0;
}

static snd_pcm_sframes_t on_pointer(snd_pcm_ioplug_t *io)
{
    ear_t *ear = io->private_data;
    uint64_t all = heard(ear);
    if (there(ear->unplug))
        return -ENODEV;
    if (all - ear->taken > io->buffer_size)
        return -EPIPE;
    return all % ear->boundary;
}

static int noise_of(ear_t *ear)
{
    ear->dice ^= ear->dice << 13;
    ear->dice ^= ear->dice >> 17;
    ear->dice ^= ear->dice << 5;
    return ear->noise ? (int)(ear->dice % (2 * ear->noise + 1)) - (int)ear->noise : 0;
}

static int16_t sample_at(ear_t *ear, uint64_t frame, int cut)
{
    int fold = AIR_HZ / ear->io.rate, sum = 0;
    int64_t first = air_frame(ear->started_ns) + (int64_t)frame * fold - ear->delay_ms * AIR_PER_MS;
    for (int i = 0; i < fold && !cut; i++)
        sum += air_get(ear->air, first + i);
    sum = sum / fold * (int)ear->gain / 1000 + noise_of(ear);
    return sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum;
}

static snd_pcm_sframes_t on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                     snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
    ear_t *ear = io->private_data;
    int16_t *target = (int16_t *)((char *)areas->addr + (areas->first + areas->step * offset) / 8);
    int cut = there(ear->cut), deaf = there(ear->deaf);

    if (there(ear->unplug))
        return -ENODEV;
    for (snd_pcm_uframes_t i = 0; i < size; i++) {
        int16_t sample = deaf ? 0 : sample_at(ear, ear->taken + i, cut);
        for (unsigned c = 0; c < io->channels; c++)
            *target++ = sample;
    }
    ear->taken += size;
    return size;
}

static int on_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
    ear_t *ear = io->private_data;
    return snd_pcm_sw_params_get_boundary(params, &ear->boundary);
}

static int on_poll(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned n, unsigned short *revents)
{
    ear_t *ear = io->private_data;
    uint64_t ticks;
    (void)fds, (void)n;
    if (read(ear->timer_fd, &ticks, sizeof ticks) < 0)
        ticks = 0;
    *revents = there(ear->unplug) ? POLLERR | POLLIN : heard(ear) - ear->taken >= io->period_size ? POLLIN : 0;
    return 0;
}

static void discard(ear_t *ear)
{
    if (ear->timer_fd >= 0)
        close(ear->timer_fd);
    if (ear->lock_fd >= 0)
        close(ear->lock_fd);
    air_close(ear->air);
    free(ear->unplug);
    free(ear->cut);
    free(ear->deaf);
    free(ear);
}

static int on_close(snd_pcm_ioplug_t *io)
{
    discard(io->private_data);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = on_start,         .stop = on_stop,           .pointer = on_pointer,   .transfer = on_transfer,
    .prepare = on_prepare,     .sw_params = on_sw_params, .poll_revents = on_poll, .close = on_close,
};

static int offer(snd_pcm_ioplug_t *io, long channels)
{
    unsigned access[] = { SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED };
    unsigned format[] = { SND_PCM_FORMAT_S16_LE };
    unsigned rates[] = { 8000, 16000, 48000 };
    unsigned fewest = channels ? channels : 1, most = channels ? channels : 2;
    int err = 0;
    err = err < 0 ? err : snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, fewest, most);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_RATE, 3, rates);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 128, 65536);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 512, 131072);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    return err;
}

SND_PCM_PLUGIN_DEFINE_FUNC(heard)
{
    snd_config_iterator_t i, next;
    const char *air = NULL, *lock = NULL, *unplug = NULL, *cut = NULL, *deaf = NULL;
    long delay_ms = 60, gain = 300, noise = 30, channels = 0;
    (void)root;

    snd_config_for_each(i, next, conf) {
        snd_config_t *field = snd_config_iterator_entry(i);
        const char *id;
        if (snd_config_get_id(field, &id) < 0 || !strcmp(id, "comment") || !strcmp(id, "type") || !strcmp(id, "hint"))
            continue;
        if (!strcmp(id, "air"))
            snd_config_get_string(field, &air);
        else if (!strcmp(id, "lock"))
            snd_config_get_string(field, &lock);
        else if (!strcmp(id, "unplug"))
            snd_config_get_string(field, &unplug);
        else if (!strcmp(id, "cut"))
            snd_config_get_string(field, &cut);
        else if (!strcmp(id, "deaf"))
            snd_config_get_string(field, &deaf);
        else if (!strcmp(id, "delay_ms"))
            snd_config_get_integer(field, &delay_ms);
        else if (!strcmp(id, "gain"))
            snd_config_get_integer(field, &gain);
        else if (!strcmp(id, "noise"))
            snd_config_get_integer(field, &noise);
        else if (!strcmp(id, "channels"))
            snd_config_get_integer(field, &channels);
        else {
            SNDERR("unknown field %s", id);
            return -EINVAL;
        }
    }
    if (stream != SND_PCM_STREAM_CAPTURE || !air || there(unplug))
        return -ENODEV;

    ear_t *ear = calloc(1, sizeof *ear);
    ear->timer_fd = ear->lock_fd = -1;
    ear->delay_ms = delay_ms;
    ear->gain = gain;
    ear->noise = noise;
    ear->dice = 2463534242u;
    ear->unplug = unplug ? strdup(unplug) : NULL;
    ear->cut = cut ? strdup(cut) : NULL;
    ear->deaf = deaf ? strdup(deaf) : NULL;
    ear->air = air_open(air);
    if (lock)
        ear->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (!ear->air || (lock && flock(ear->lock_fd, LOCK_EX | LOCK_NB) < 0)) {
        int none = !ear->air;
        discard(ear);
        return none ? -EIO : -EBUSY;
    }
    ear->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    ear->io.version = SND_PCM_IOPLUG_VERSION;
    ear->io.name = "virtual microphone";
    ear->io.callback = &callbacks;
    ear->io.private_data = ear;
    ear->io.poll_fd = ear->timer_fd;
    ear->io.poll_events = POLLIN;
    ear->io.flags = SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;

    int err = snd_pcm_ioplug_create(&ear->io, name, stream, mode);
    if (err < 0) {
        discard(ear);
        return err;
    }
    err = offer(&ear->io, channels);
    if (err < 0) {
        snd_pcm_ioplug_delete(&ear->io);
        return err;
    }
    *pcmp = ear->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(heard);
