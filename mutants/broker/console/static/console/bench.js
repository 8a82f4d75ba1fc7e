// The demo's bench: contacts are closed for as long as a finger (or the space bar) is down; lamps and gongs follow the boxes themselves.
"use strict";
(() => {
  const LOOK_MS = 200;
  const list = document.getElementById("boxes");
  if (!list) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const ears = document.getElementById("ears");
  let audio = null;
  const clips = new Map(); // pattern -> decoded sound
  const playing = new Map(); // node -> {pattern, source}

  async function touch(node, contact, closed) {
    const answer = await fetch(list.dataset.touch.replace("NODE", node), { method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ contact, closed: closed ? "1" : "0" }) });
    document.getElementById("said").innerHTML = answer.status === 204 ? "" : await answer.text();
  }

  function contactOf(button) {
    if (button.dataset.contact !== "alarm") return button.dataset.contact;
    return document.getElementById("t-kind").value + (document.getElementById("t-silent").checked ? "-silent" : "");
  }

  for (const button of list.querySelectorAll("button[data-contact]")) {
    const node = button.closest("[data-node]").dataset.node;
    let down = null; // which contact this finger closed: the choice may change while it is down
    const press = () => { if (down === null) { down = contactOf(button); button.classList.add("down"); touch(node, down, true); } };
    const lift = () => { if (down !== null) { touch(node, down, false); down = null; button.classList.remove("down"); } };
    button.addEventListener("pointerdown", (event) => { button.setPointerCapture(event.pointerId); press(); });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(name, lift);
    button.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); press(); } });
    button.addEventListener("keyup", lift);
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }
  for (const box of list.querySelectorAll("input[data-contact]")) box.addEventListener("change", () => touch(box.closest("[data-node]").dataset.node, box.dataset.contact, box.checked));

  async function clip(pattern) {
    if (!clips.has(pattern)) clips.set(pattern, fetch(list.dataset.sound.replace("PATTERN", pattern)).then((answer) => answer.arrayBuffer()).then((body) => audio.decodeAudioData(body)).catch(() => null));
    return clips.get(pattern);
  }

  async function hear(node, pattern) {
    const now = playing.get(node);
    if ((now?.pattern ?? null) === pattern) return;
    now?.source?.stop();
    playing.delete(node);
    if (!pattern || !audio || audio.state !== "running") return;
    const mine = { pattern, source: null };
    playing.set(node, mine);
    const sound = await clip(pattern);
    if (!sound || playing.get(node) !== mine) return;
    mine.source = audio.createBufferSource();
    mine.source.buffer = sound;
    mine.source.loop = true; // an alarm goes on; what does not is stopped when the box says it is over
    mine.source.connect(audio.destination);
    mine.source.start();
  }

  ears.addEventListener("click", async () => {
    audio = audio || new AudioContext();
    const on = ears.dataset.state !== "on";
    if (on) await audio.resume(); else await audio.suspend();
    ears.dataset.state = on && audio.state === "running" ? "on" : "off";
    ears.textContent = ears.dataset[ears.dataset.state];
    if (audio.state !== "running") for (const node of [...playing.keys()]) hear(node, null);
  });

  async function look() {
    try {
      const boxes = await (await fetch(list.dataset.seen, { cache: "no-store", signal: AbortSignal.timeout(2000) })).json();
      for (const [node, box] of Object.entries(boxes)) {
        const item = list.querySelector(`[data-node="${CSS.escape(node)}"]`);
        if (!item) continue;
        item.classList.toggle("dead", !box.alive);
        item.classList.toggle("sounds", box.gong !== null);
        item.querySelector(".lamp.alert").dataset.look = box.alive ? box.alert : "dark";
        item.querySelector(".lamp.link").dataset.look = box.alive ? box.link : "dark";
        const pattern = item.querySelector(".pattern");
        pattern.dataset.quiet = pattern.dataset.quiet || pattern.textContent;
        const text = box.gong || pattern.dataset.quiet;
        if (pattern.textContent !== text) pattern.textContent = text;
        hear(node, box.alive ? box.gong : null);
      }
    } catch { /* the next look tells */ }
    setTimeout(look, LOOK_MS);
  }
  look();
})();
