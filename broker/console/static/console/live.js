// Keeps the live parts of a page as the stream says, and says in red when it cannot. No dependencies.
//
// What must hold: within LATE_MS of the last beat of a stream that was cut, whatever the reason (server gone, laptop asleep, network out),
// the banner is up; on reconnection every part is as the server says: nothing missing, nothing doubled.
"use strict";
(() => {
  const LATE_MS = 7000; // three beats of two seconds and a bit
  const live = document.getElementById("live");
  const banner = document.getElementById("alarms-off");
  if (!live || !banner) return;
  const why = new Map(); // reason -> sentence; the banner shows all of them
  let source = null;
  let heard = performance.now();
  let ahead = 0; // commune time less this machine's

  function tell(reason, text) {
    if (text) why.set(reason, text); else why.delete(reason);
    const lines = [...why.values()];
    if (banner.textContent !== lines.join(" ")) banner.textContent = lines.join(" ");
    banner.hidden = lines.length === 0;
    document.documentElement.classList.toggle("untrue", why.has("cut") || why.has("session"));
  }

  function element(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  function put(list, order, items) {
    const there = new Map([...list.children].filter((one) => one.dataset.key).map((one) => [one.dataset.key, one]));
    let before = null;
    for (const key of order) {
      let one = there.get(key);
      if (items[key]) {
        const fresh = element(items[key]);
        if (one) { keepOpen(one, fresh); one.replaceWith(fresh); }
        one = fresh;
        if (window.htmx) window.htmx.process(one);
      }
      if (!one) continue;
      there.delete(key);
      const place = before ? before.nextElementSibling : list.firstElementChild;
      if (place !== one) list.insertBefore(one, place);
      before = one;
    }
    for (const gone of there.values()) gone.remove();
    list.classList.toggle("none", order.length === 0);
    document.dispatchEvent(new CustomEvent("keng:part", { detail: { name: list.dataset.part } }));
  }

  // An officer who is typing how it ended must not lose it because a count rose.
  function keepOpen(old, fresh) {
    for (const open of old.querySelectorAll("details[open][id]")) {
      const twin = fresh.querySelector(`#${CSS.escape(open.id)}`);
      if (twin) twin.replaceWith(open);
    }
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
    source.addEventListener("part", (event) => {
      const said = JSON.parse(event.data);
      for (const list of document.querySelectorAll(`[data-part="${said.name}"]`)) put(list, said.order, said.items);
    });
    source.addEventListener("beat", (event) => beat(JSON.parse(event.data)));
    source.addEventListener("ended", () => { source.close(); source = null; tell("session", live.dataset.session); });
    source.onerror = () => { if (source && source.readyState === EventSource.CLOSED) { source = null; setTimeout(again, 1000); } };
  }

  // A stream that was refused for good: either the session is over, or the server is.
  async function again() {
    if (why.has("session") || source) return;
    try {
      const answer = await fetch(live.dataset.stream.split("?")[0], { redirect: "manual", cache: "no-store", headers: { Accept: "text/event-stream" }, signal: AbortSignal.timeout(3000) });
      answer.body?.cancel();
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { tell("session", live.dataset.session); return; }
      open();
    } catch { setTimeout(again, 1000); }
  }

  function look() {
    if (performance.now() - heard > LATE_MS && !why.has("session")) {
      tell("cut", live.dataset.cut);
      if (source && performance.now() - heard > 2 * LATE_MS) { heard = performance.now() - LATE_MS - 1; open(); }
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

  window.keng = Object.assign(window.keng || {}, {
    tell,
    reopen() { why.delete("session"); heard = performance.now(); tell("session", ""); open(); },
    get reasons() { return [...why.keys()]; },
  });
  setInterval(look, 500);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
  open();
  ages();
})();
