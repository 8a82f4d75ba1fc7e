// The officer's own bell: rapid threes for as long as a case is open that nobody has taken. Latched: only taking it, or its end, stops it.
//
// Rule 1. Chromium plays nothing that a person has not allowed by a click on this very page; so the state is asked of the audio itself (its clock
// must run), never assumed, and shown on the button.
// Rule 2. A drill rings softly, once in six seconds, and never while a real case rings.
// Rule 3. Each new real case rings anew, also where the bell was switched off: off lasts until the next one.
"use strict";
(() => {
  const button = document.getElementById("sound");
  if (!button) return;
  const STUCK_MS = 3000; // a sound card whose clock stands plays nothing, whatever it says
  const FAULT_EVERY_MS = 15000;
  const seen = new Set(); // real cases that rang
  let wanted = true;
  let audio = null;
  let out = null;
  let bells = null; // name -> AudioBuffer
  let loop = null;
  let mode = ""; // what rings: real, drill or nothing
  let clock = { at: -1, since: 0 };
  let faulted = 0;

  function state() {
    if (!wanted) return "off";
    if (!audio || audio.state !== "running") return "blocked";
    if (audio.currentTime !== clock.at) clock = { at: audio.currentTime, since: performance.now() };
    return performance.now() - clock.since > STUCK_MS ? "blocked" : "on";
  }

  // A struck bar: two partials that fall, the second inharmonic, as iron is.
  function struck(seconds, blows, low = 1) {
    const rate = audio.sampleRate;
    const buffer = audio.createBuffer(1, Math.round(seconds * rate), rate);
    const pcm = buffer.getChannelData(0);
    for (const [late, loud] of blows) {
      const from = Math.round(late * rate);
      for (let i = 0; i < 0.5 * rate && from + i < pcm.length; i++) {
        const t = i / rate;
        pcm[from + i] += loud * Math.exp(-9 * t) * Math.min(1, t * 400) * (0.5 * Math.sin(2 * Math.PI * 620 * low * t) + 0.25 * Math.sin(2 * Math.PI * 1710 * low * t));
      }
    }
    return buffer;
  }

  function make() {
    if (audio) return;
    audio = new AudioContext();
    audio.onstatechange = show;
    out = audio.createAnalyser();
    out.connect(audio.destination);
    const threes = [0, 0.2, 0.4].map((late) => [late, 1]);
    bells = {
      real: struck(1.2, threes),
      drill: struck(6, [[0, 0.3]]),
      fresh: struck(1, [0, 0.12, 0.24, 0.36, 0.48, 0.6].map((late) => [late, 1]), 1.3),
      open: struck(1.5, [[0, 0.5], [0.7, 0.5]]),
      fault: struck(1.5, [[0, 0.7], [0.5, 0.7]], 0.5),
    };
  }

  function play(name, again = false) {
    if (!audio || audio.state !== "running" || !wanted) return null;
    const player = audio.createBufferSource();
    player.buffer = bells[name];
    player.loop = again;
    player.connect(out);
    player.start();
    return player;
  }

  // The loop runs on the sound card's own clock: no timer of a hidden tab can slow it.
  function ring() {
    const now = state() === "off" ? "" : mode;
    if (loop && loop.name !== now) { loop.player.stop(); loop = null; }
    if (!loop && now) { const player = play(now, true); if (player) loop = { name: now, player }; }
  }

  function show() {
    ring();
    const now = state();
    button.dataset.state = now;
    button.setAttribute("aria-pressed", String(now === "on"));
    const text = button.dataset[now];
    if (button.textContent !== text) button.textContent = text;
    const live = document.getElementById("live");
    if (!live) return;
    window.keng?.tell?.("silent", mode === "real" && now !== "on" ? live.dataset.silent : "");
    window.keng?.tell?.("blocked", mode !== "real" && now === "blocked" ? live.dataset.blocked : "");
  }

  function look() {
    const untaken = [...document.querySelectorAll('[data-loud] > [data-state="open"]')];
    const real = untaken.filter((one) => one.dataset.drill === "0").map((one) => one.dataset.key);
    const fresh = real.filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    if (fresh.length) wanted = true;
    mode = real.length ? "real" : untaken.length ? "drill" : "";
    if (fresh.length) play("fresh");
    show();
  }

  // After a cut, what is open and taken is called to mind once; what is not taken rings anyway.
  function recall() {
    if (!mode && document.querySelector('[data-loud] > [data-drill="0"]')) play("open");
  }

  function tick() {
    show();
    const reasons = window.keng?.reasons || [];
    if ((reasons.includes("cut") || reasons.includes("session")) && Date.now() - faulted > FAULT_EVERY_MS) { faulted = Date.now(); play("fault"); }
  }

  async function allow() {
    make();
    // A browser that forbids it never settles this promise.
    await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 500))]);
    clock = { at: -1, since: performance.now() };
    show();
  }

  button.addEventListener("click", () => {
    if (state() === "on") { wanted = false; show(); return; }
    wanted = true;
    allow();
  });
  // The first touch of anything on the page is permission enough.
  for (const what of ["pointerup", "keydown"]) document.addEventListener(what, (event) => { if (!button.contains(event.target) && state() === "blocked") allow(); });
  document.addEventListener("keng:part", look);
  document.addEventListener("keng:tick", tick);
  document.addEventListener("keng:opened", () => setTimeout(recall, 1000));
  window.keng = Object.assign(window.keng || {}, {
    sound: {
      get state() { return state(); },
      get ringing() { return mode !== ""; },
      get mode() { return mode; },
      get context() { return audio; },
      // What goes to the loudspeaker now, 0 to 1.
      get level() {
        if (!out || audio.state !== "running") return 0;
        const pcm = new Float32Array(out.fftSize);
        out.getFloatTimeDomainData(pcm);
        return pcm.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      },
    },
  });
  allow(); // where the browser allows it without a click (a kiosk), it is on at once
  look();
})();
