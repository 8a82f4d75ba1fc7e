// Keeps the live parts of a page as the stream says, and says in red when it cannot. No dependencies.
//
// What must hold: within LATE_MS of the last beat of a stream that was cut, whatever the reason (server gone, laptop asleep, network out, tab
// hidden), the banner is up; on reconnection every part is as the server says: nothing missing, nothing doubled. What an officer is typing in a
// card stays, with its caret, whatever comes.
"use strict";
(() => {
  const LATE_MS = 7000; // three beats of two seconds and a bit
  const SLEPT_MS = 6000; // a tick comes once a second: after such a gap we were asleep, and know nothing
  const live = document.getElementById("live");
  const banner = document.getElementById("alarms-off");
  if (!live || !banner) return;
  const why = new Map(); // reason -> sentence; the banner shows all of them
  let source = null;
  let heard = performance.now();
  let ticked = Date.now();
  let spared = false;
  let ahead = 0; // commune time less this machine's

  function tell(reason, text) {
    if (text) why.set(reason, text); else why.delete(reason);
    const text_ = [...why.values()].join(" ");
    if (banner.textContent !== text_) banner.textContent = text_;
    banner.hidden = why.size === 0;
    document.documentElement.classList.toggle("untrue", why.has("cut") || why.has("session"));
    document.dispatchEvent(new CustomEvent("keng:told"));
  }

  function element(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  function swap(old, fresh) {
    old.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
  }

  // Whether somebody is at work in it: it must not be touched under their fingers.
  const busy = (one) => one.matches("details[open]") || one.querySelector("details[open]") !== null || one.querySelector("input, textarea, select") !== null && one.contains(document.activeElement);

  // `old` becomes as `fresh` is, in place, but for what somebody is at work in. Returns what stands there now.
  function renew(old, fresh) {
    if (!busy(old)) { swap(old, fresh); return fresh; }
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const bits = [...fresh.children];
    const key = (one, at) => one.id || one.dataset.bit || `#${at}`;
    const there = new Map([...old.children].map((one, at) => [key(one, at), one]));
    bits.forEach((bit, at) => {
      const twin = there.get(key(bit, at));
      there.delete(key(bit, at));
      if (!twin) { old.insertBefore(bit, old.children[at] || null); if (window.htmx) window.htmx.process(bit); }
      else if (twin.matches("details[open]")) return;
      else if (busy(twin)) renew(twin, bit);
      else if (twin.outerHTML !== bit.outerHTML) swap(twin, bit);
    });
    for (const gone of there.values()) if (!busy(gone)) gone.remove();
    return old;
  }

  function put(list, order, items) {
    const there = new Map([...list.children].filter((one) => one.dataset.key).map((one) => [one.dataset.key, one]));
    let before = null;
    for (const key of order) {
      let one = there.get(key);
      if (items[key]) {
        const fresh = element(items[key]);
        if (one) one = renew(one, fresh);
        else { one = fresh; list.insertBefore(one, before ? before.nextElementSibling : list.firstElementChild); if (window.htmx) window.htmx.process(one); }
      }
      if (!one) continue;
      there.delete(key);
      place(list, one, before);
      before = one;
    }
    for (const gone of there.values()) gone.remove();
    list.classList.toggle("none", order.length === 0);
    ages();
    document.dispatchEvent(new CustomEvent("keng:part", { detail: { name: list.dataset.part } }));
  }

  // Into its place in the order. A card that is worked in is never moved itself, which would take the caret away: the others move around it.
  function place(list, one, before) {
    const next = () => (before ? before.nextElementSibling : list.firstElementChild);
    if (next() === one) return;
    if (!busy(one)) { list.insertBefore(one, next()); return; }
    while (next() && next() !== one) list.append(next());
  }

  function beat(said) {
    heard = performance.now();
    ahead = said.at - Date.now();
    tell("cut", "");
    tell("mqtt", said.linked ? "" : live.dataset.mqtt);
    tell("register", said.register ? live.dataset.register : "");
  }

  function open() {
    if (source) source.close();
    source = new EventSource(live.dataset.stream);
    const mine = source;
    source.addEventListener("part", (event) => {
      const said = JSON.parse(event.data);
      for (const list of document.querySelectorAll(`[data-part="${said.name}"]`)) put(list, said.order, said.items);
    });
    source.addEventListener("beat", (event) => beat(JSON.parse(event.data)));
    source.addEventListener("ended", () => { mine.close(); if (source === mine) source = null; ended(); });
    source.onopen = () => document.dispatchEvent(new CustomEvent("keng:opened"));
    source.onerror = () => { if (source === mine && mine.readyState === EventSource.CLOSED) { source = null; setTimeout(again, 1000); } };
  }

  function ended() {
    if (!why.has("session")) tell("session", live.dataset.session);
  }

  // A stream that was refused for good: either the session is over, or the server is.
  async function again() {
    if (why.has("session") || source || spared) return;
    try {
      const answer = await fetch(live.dataset.stream.split("?")[0], { redirect: "manual", cache: "no-store", headers: { Accept: "text/event-stream" }, signal: AbortSignal.timeout(3000) });
      answer.body?.cancel();
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { ended(); return; }
      open();
    } catch { setTimeout(again, 1000); }
  }

  // A browser opens six connections to us and no more: a page in the background that rings for nobody leaves its own to the acts of the others.
  const spare = () => document.hidden && !document.querySelector("[data-loud]");

  function look() {
    if (spare()) { if (source) { source.close(); source = null; } spared = true; ticked = Date.now(); return; }
    if (spared) { spared = false; ticked = Date.now(); heard = performance.now(); if (!why.has("session")) open(); }
    const slept = Date.now() - ticked > SLEPT_MS;
    ticked = Date.now();
    if (!why.has("session")) {
      if (slept) { tell("cut", live.dataset.cut); heard = performance.now() - LATE_MS - 1; open(); }
      else if (performance.now() - heard > LATE_MS) {
        tell("cut", live.dataset.cut);
        if (source && performance.now() - heard > 2 * LATE_MS) { heard = performance.now() - LATE_MS - 1; open(); }
      }
    }
    ages();
  }

  function ages() {
    const now = Date.now() + ahead;
    for (const one of document.querySelectorAll("[data-since]")) {
      const s = Math.max(0, Math.floor((now - Number(one.dataset.since)) / 1000));
      const text = s < 3600 ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}` : `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
      if (one.textContent !== text) one.textContent = text;
    }
  }

  // Descriptors, for Object.assign would keep what a getter says now.
  window.keng = Object.defineProperties(window.keng || {}, Object.getOwnPropertyDescriptors({
    tell,
    ended,
    reopen() { tell("session", ""); tell("cut", ""); heard = performance.now(); open(); },
    get reasons() { return [...why.keys()]; },
    get now() { return Date.now() + ahead; },
  }));
  document.addEventListener("keng:tick", look);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("resume", look);
  window.addEventListener("pageshow", look);
  open();
  ages();
  const tick = () => document.dispatchEvent(new CustomEvent("keng:tick"));
  try { new Worker("/static/console/tick.js").onmessage = tick; } catch { setInterval(tick, 1000); }
})();
