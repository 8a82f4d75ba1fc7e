// The officer's own bell: rapid threes for as long as a case is open that nobody has taken. Latched: only taking it, or its end, stops it.
//
// Chromium plays nothing that a person has not allowed by a click on this very page; so the state is asked of the audio itself,
// never assumed, and shown on the button.
"use strict";
(() => {
  const button = document.getElementById("sound");
  if (!button) return;
  let wanted = false; // the officer switched it on
  let audio = null;
  let bell = null;
  let ringing = false;

  function state() {
    if (!wanted) return "off";
    return audio && audio.state === "running" ? "on" : "blocked";
  }

  function strike(at, gain) {
    // Two partials of a struck bar; the second inharmonic, as iron is.
    for (const [hertz, loud] of [[620, 0.5], [1710, 0.25]]) {
      const tone = audio.createOscillator();
      const fall = audio.createGain();
      tone.frequency.value = hertz;
      fall.gain.setValueAtTime(loud * gain, at);
      fall.gain.exponentialRampToValueAtTime(0.001, at + 0.28);
      tone.connect(fall).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    }
  }

  function three() {
    if (!audio || audio.state !== "running") return;
    const now = audio.currentTime + 0.02;
    for (const late of [0, 0.2, 0.4]) strike(now + late, 1);
  }

  function ring(on) {
    ringing = on;
    if (on && !bell) { three(); bell = setInterval(three, 1200); }
    if (!on && bell) { clearInterval(bell); bell = null; }
    show();
  }

  function show() {
    const now = state();
    button.dataset.state = now;
    button.setAttribute("aria-pressed", String(now === "on"));
    const text = button.dataset[now];
    if (button.textContent !== text) button.textContent = text;
    const silent = ringing && now !== "on";
    window.keng?.tell?.("silent", silent ? document.getElementById("live").dataset.silent : "");
  }

  function look() {
    const open = document.querySelector('[data-part="cases"] [data-state="open"][data-drill="0"]') !== null;
    if (open !== ringing) ring(open); else show();
  }

  async function allow() {
    if (state() === "on") { wanted = false; await audio.suspend(); show(); return; }
    wanted = true;
    audio = audio || new AudioContext();
    audio.onstatechange = show;
    // A browser that forbids it never settles this promise.
    await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 500))]);
    show();
  }

  button.addEventListener("click", allow);
  document.addEventListener("keng:part", look);
  setInterval(look, 1000);
  window.keng = Object.assign(window.keng || {}, { sound: { get state() { return state(); }, get ringing() { return ringing; }, get context() { return audio; } } });
  look();
})();
