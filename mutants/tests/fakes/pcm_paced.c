/* A virtual sound card: an ALSA ioplug that behaves as a bare DAC does, and writes down what was heard.
 *
 *   - paced by CLOCK_MONOTONIC: frame k of a run sounds at start + k / rate;
 *   - exclusive: one opener at a time (flock on `lock`), the next gets EBUSY, as on a card without a mixer;
 *   - unpluggable: while the file `unplug` exists, opening and writing give ENODEV;
 *   - runs dry: a late writer gets EPIPE, until it prepares again;
 *   - it can be heard: each sample goes into the `air` (air.h), where a virtual microphone (pcm_heard.c) finds it;
 *   - a witness: `log` gets a JSON line for each happening, `record` the samples heard (s16le, mono: channel 0).
 *
 * It models no DAC delay (`delay_us` shifts the stamps if one is wanted) and no clock drift.
 * No kernel module, no daemon, no privileges. Needs libasound2-dev and a C compiler; x86-64 and aarch64.
 *
 *   cc -shared -fPIC -O2 -DPIC -o libasound_module_pcm_paced.so pcm_paced.c -lasound
 *
 *   pcm_type.paced { lib "/dir/libasound_module_pcm_paced.so" }
 *   pcm.gong { type paced  log "…"  record "…"  lock "…"  unplug "…"  threshold 1310  delay_us 0  channels 0  air "…" }
 *
 * Log lines: {"ev": E, "t": monotonic ns, "pid": P, "at": frames in `record` before this}.
 *   open, close, busy   the device was taken, let go, refused
 *   start, stop, xrun   a run began (frame `at` of the record sounds at t), ended, ran dry
 *   on, off             the first and the last sample above `threshold`, 25 ms of quiet apart
 *   hi                  the first sample above 55 % of full scale since 25 ms: an alarm over a softer sound
 */
#include "air.h"
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <sys/file.h>
#include <sys/timerfd.h>
#include <time.h>

#define NS_PER_S 1000000000LL
#define NEVER { { 0, 0 }, { 0, 0 } }
#define EVERY_MS { { 0, 1000000 }, { 0, 1000000 } }

enum { QUIET_MS = 25, LOUD = 1310, VERY_LOUD = 18022, SPARE_FRAMES = 4096 };

typedef struct {
    snd_pcm_ioplug_t io;
    int timer_fd, lock_fd, log_fd, record_fd;
    char *unplug;
    long threshold, delay_us;
    air_t *air; /* or none */

    int16_t *ring;
    snd_pcm_uframes_t ring_frames, boundary;
    uint64_t written, heard; /* frames since prepare */
    uint64_t recorded;       /* frames in the record file */
    int64_t started_ns;
    int running, dry;

    int loud, very_loud;
    uint64_t last_loud, last_very_loud;
} card_t;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void note(card_t *card, const char *what, int64_t at_ns)
{
    char line[160];
    int n = snprintf(line, sizeof line, "{\"ev\":\"%s\",\"t\":%lld,\"pid\":%d,\"at\":%llu}\n", what, (long long)at_ns,
                     (int)getpid(), (unsigned long long)card->recorded);
    if (write(card->log_fd, line, n) < 0)
        SNDERR("cannot write the log");
}

static int unplugged(const card_t *card)
{
    return card->unplug && access(card->unplug, F_OK) == 0;
}

static void arm(card_t *card, struct itimerspec when)
{
    timerfd_settime(card->timer_fd, 0, &when, NULL);
}

/* When a frame of this run sounds. */
static int64_t time_of(const card_t *card, uint64_t frame)
{
    return card->started_ns + (int64_t)((double)frame * NS_PER_S / card->io.rate) + card->delay_us * 1000;
}

static uint64_t elapsed(const card_t *card)
{
    return card->running ? (uint64_t)((double)(now_ns() - card->started_ns) * card->io.rate / NS_PER_S) : 0;
}

static int loudest(const card_t *card, const int16_t *frame)
{
    int most = 0;
    for (unsigned c = 0; c < card->io.channels; c++) {
        int level = abs(frame[c]);
        most = level > most ? level : most;
    }
    return most;
}

static void listen_to(card_t *card, uint64_t frame, int level)
{
    uint64_t quiet = (uint64_t)card->io.rate * QUIET_MS / 1000;

    if (level > card->threshold) {
        if (!card->loud)
            note(card, "on", time_of(card, frame));
        card->loud = 1;
        card->last_loud = frame;
    } else if (card->loud && frame - card->last_loud > quiet) {
        note(card, "off", time_of(card, card->last_loud));
        card->loud = 0;
    }
    if (level > VERY_LOUD) {
        if (!card->very_loud)
            note(card, "hi", time_of(card, frame));
        card->very_loud = 1;
        card->last_very_loud = frame;
    } else if (card->very_loud && frame - card->last_very_loud > quiet) {
        card->very_loud = 0;
    }
}

static void keep(card_t *card, const int16_t *frames, uint64_t n)
{
    int16_t mono[1024];
    while (card->record_fd >= 0 && n > 0) {
        uint64_t part = n < 1024 ? n : 1024;
        for (uint64_t i = 0; i < part; i++)
            mono[i] = frames[i * card->io.channels];
        if (write(card->record_fd, mono, part * 2) != (ssize_t)(part * 2))
            SNDERR("cannot write the record");
        card->recorded += part;
        frames += part * card->io.channels;
        n -= part;
    }
}

static void sound(card_t *card, uint64_t frame, const int16_t *samples, uint64_t n)
{
    int64_t first = card->air ? air_frame(card->started_ns) + (int64_t)frame : 0;
    for (uint64_t i = 0; card->air && i < n; i++)
        air_put(card->air, first + i, samples[i * card->io.channels]);
}

/* Everything before `until` has sounded by now. */
static void hear(card_t *card, uint64_t until)
{
    while (card->heard < until) {
        uint64_t in_ring = card->heard % card->ring_frames;
        uint64_t n = until - card->heard;
        int16_t *first = card->ring + in_ring * card->io.channels;
        if (n > card->ring_frames - in_ring)
            n = card->ring_frames - in_ring;
        for (uint64_t i = 0; i < n; i++)
            listen_to(card, card->heard + i, loudest(card, first + i * card->io.channels));
        keep(card, first, n);
        sound(card, card->heard, first, n);
        card->heard += n;
    }
}

static void hear_until_now(card_t *card)
{
    uint64_t e = elapsed(card);
    hear(card, e < card->written ? e : card->written);
}

static void halt(card_t *card)
{
    if (!card->running)
        return;
    hear_until_now(card);
    if (card->loud)
        note(card, "off", time_of(card, card->last_loud));
    card->loud = card->very_loud = 0;
    note(card, "stop", now_ns());
    card->running = 0;
    arm(card, (struct itimerspec)NEVER);
}

static int on_start(snd_pcm_ioplug_t *io)
{
    card_t *card = io->private_data;
    card->started_ns = now_ns();
    card->running = 1;
    arm(card, (struct itimerspec)EVERY_MS);
    note(card, "start", card->started_ns);
    return 0;
}

static int on_stop(snd_pcm_ioplug_t *io)
{
    halt(io->private_data);
    return 0;
}

static snd_pcm_sframes_t on_pointer(snd_pcm_ioplug_t *io)
{
    card_t *card = io->private_data;
    if (!card->running)
        return card->dry ? -EPIPE : (snd_pcm_sframes_t)(card->heard % card->boundary);
    uint64_t e = elapsed(card);
    if (e <= card->written) {
        hear(card, e);
        return e % card->boundary;
    }
    hear(card, card->written);
    if (io->state == SND_PCM_STATE_DRAINING)
        return card->written % card->boundary;
    note(card, "xrun", now_ns());
    halt(card);
    card->dry = 1;
    return -EPIPE;
}

static snd_pcm_sframes_t on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                     snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
    card_t *card = io->private_data;
    unsigned channels = io->channels;
    const int16_t *source = (const int16_t *)((const char *)areas->addr + (areas->first + areas->step * offset) / 8);

    if (unplugged(card))
        return -ENODEV;
    hear_until_now(card);
    for (snd_pcm_uframes_t i = 0; i < size; i++)
        memcpy(card->ring + ((card->written + i) % card->ring_frames) * channels, source + i * channels, 2 * channels);
    card->written += size;
    return size;
}

static int on_prepare(snd_pcm_ioplug_t *io)
{
    card_t *card = io->private_data;
    halt(card);
    free(card->ring);
    card->ring_frames = io->buffer_size * 2 + SPARE_FRAMES;
    card->ring = calloc(card->ring_frames * io->channels, 2);
    card->written = card->heard = 0;
    card->dry = 0;
    return unplugged(card) ? -ENODEV : 0;
}

static int on_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
    card_t *card = io->private_data;
    return snd_pcm_sw_params_get_boundary(params, &card->boundary);
}

static int on_poll(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned n, unsigned short *revents)
{
    card_t *card = io->private_data;
    uint64_t ticks, e = elapsed(card);
    (void)fds, (void)n;
    if (read(card->timer_fd, &ticks, sizeof ticks) < 0)
        ticks = 0;
    *revents = 0;
    if (unplugged(card))
        *revents = POLLERR | POLLOUT;
    else if (!card->running || io->state == SND_PCM_STATE_DRAINING || e >= card->written)
        *revents = POLLOUT;
    else if (io->buffer_size - (card->written - e) >= io->period_size)
        *revents = POLLOUT;
    return 0;
}

static int on_delay(snd_pcm_ioplug_t *io, snd_pcm_sframes_t *frames)
{
    card_t *card = io->private_data;
    uint64_t e = elapsed(card);
    *frames = e < card->written ? (snd_pcm_sframes_t)(card->written - e) : 0;
    return 0;
}

static void discard(card_t *card)
{
    if (card->timer_fd >= 0)
        close(card->timer_fd);
    if (card->lock_fd >= 0)
        close(card->lock_fd);
    if (card->record_fd >= 0)
        close(card->record_fd);
    close(card->log_fd);
    air_close(card->air);
    free(card->ring);
    free(card->unplug);
    free(card);
}

static int on_close(snd_pcm_ioplug_t *io)
{
    card_t *card = io->private_data;
    halt(card);
    note(card, "close", now_ns());
    discard(card);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = on_start,       .stop = on_stop,           .pointer = on_pointer,   .transfer = on_transfer,
    .prepare = on_prepare,   .sw_params = on_sw_params, .poll_revents = on_poll, .close = on_close,
    .delay = on_delay,
};

static int offer(snd_pcm_ioplug_t *io, long channels)
{
    unsigned access[] = { SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED };
    unsigned format[] = { SND_PCM_FORMAT_S16_LE };
    unsigned fewest = channels ? channels : 1, most = channels ? channels : 2;
    int err = 0;
    err = err < 0 ? err : snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, fewest, most);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, 8000, 96000);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 128, 65536);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 512, 131072);
    err = err < 0 ? err : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    return err;
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced)
{
    snd_config_iterator_t i, next;
    const char *log = "/dev/null", *air = NULL, *record = NULL, *lock = NULL, *unplug = NULL;
    long threshold = LOUD, delay_us = 0, channels = 0;
    (void)root;

    snd_config_for_each(i, next, conf) {
        snd_config_t *field = snd_config_iterator_entry(i);
        const char *id;
        if (snd_config_get_id(field, &id) < 0 || !strcmp(id, "comment") || !strcmp(id, "type") || !strcmp(id, "hint"))
            continue;
        if (!strcmp(id, "log"))
            snd_config_get_string(field, &log);
        else if (!strcmp(id, "record"))
            snd_config_get_string(field, &record);
        else if (!strcmp(id, "air"))
            snd_config_get_string(field, &air);
        else if (!strcmp(id, "lock"))
            snd_config_get_string(field, &lock);
        else if (!strcmp(id, "unplug"))
            snd_config_get_string(field, &unplug);
        else if (!strcmp(id, "threshold"))
            snd_config_get_integer(field, &threshold);
        else if (!strcmp(id, "delay_us"))
            snd_config_get_integer(field, &delay_us);
        else if (!strcmp(id, "channels"))
            snd_config_get_integer(field, &channels);
        else {
            SNDERR("unknown field %s", id);
            return -EINVAL;
        }
    }
    if (stream != SND_PCM_STREAM_PLAYBACK || (unplug && access(unplug, F_OK) == 0))
        return -ENODEV;

    card_t *card = calloc(1, sizeof *card);
    card->timer_fd = card->lock_fd = card->record_fd = -1;
    card->threshold = threshold;
    card->delay_us = delay_us;
    card->unplug = unplug ? strdup(unplug) : NULL;
    card->air = air ? air_open(air) : NULL;
    card->log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (lock) {
        card->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (flock(card->lock_fd, LOCK_EX | LOCK_NB) < 0) {
            note(card, "busy", now_ns());
            discard(card);
            return -EBUSY;
        }
    }
    if (record) {
        card->record_fd = open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        off_t bytes = lseek(card->record_fd, 0, SEEK_END);
        card->recorded = bytes > 0 ? bytes / 2 : 0;
    }
    card->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    card->io.version = SND_PCM_IOPLUG_VERSION;
    card->io.name = "paced virtual card";
    card->io.callback = &callbacks;
    card->io.private_data = card;
    card->io.poll_fd = card->timer_fd;
    card->io.poll_events = POLLIN;
    card->io.flags = SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;

    int err = snd_pcm_ioplug_create(&card->io, name, stream, mode);
    if (err < 0) {
        discard(card);
        return err;
    }
    err = offer(&card->io, channels);
    if (err < 0) {
        snd_pcm_ioplug_delete(&card->io);
        return err;
    }
    note(card, "open", now_ns());
    *pcmp = card->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(paced);
