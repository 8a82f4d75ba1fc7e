// The acts of an officer: each has an id of its own, so that a double tap, or a second try after a cut, is one act.
//
// Rule 1. An id belongs to what is asked, not to the form: the same ask within AGAIN_MS of its sending, or not yet answered, is the same act.
// Rule 2. Whatever comes back is said: a refusal, no answer, a session that is over.
"use strict";
(() => {
  const AGAIN_MS = 2000; // a finger that trembles; a person who means it again waits longer
  const WAIT_MS = 8000; // the service is waited for five seconds at the most
  const SAID_MS = 10000;
  const UNANSWERED_MS = 60000; // by then it is another act, whatever became of the first
  const TREMBLE_MS = 400;
  const SURE_MS = 4000;
  const acts = new Map(); // what is asked -> { id, at, answered }
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const live = document.getElementById("live");

  function keyOf(path, values) {
    return JSON.stringify([path, ...[...values.entries()].filter(([name]) => name !== "ask" && name !== "pin").sort()]);
  }

  function say(text) {
    const dialog = document.querySelector("dialog[open]");
    const said = dialog?.querySelector("#sure-said") || dialog?.querySelector("#alarm-said") || document.getElementById("said");
    const line = document.createElement("p");
    line.className = "said error";
    line.setAttribute("role", "alert");
    line.textContent = text || "!";
    said.replaceChildren(line);
  }

  const signedOut = (xhr) => Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname === live?.dataset.login;

  // What came of a form's sending. Listened to at the form itself: its card may have been renewed, and then nothing reaches the page's body.
  function after(form, act, { xhr }) {
    if (xhr.status === 200 || xhr.status === 409) act.answered = true;
    if (xhr.status === 200 && !signedOut(xhr)) {
      const fold = form.closest("details");
      if (fold) { fold.open = false; form.reset(); }
    }
    // Another tab of this browser has signed in anew: our forms need its token. Once; then it is a refusal.
    if (xhr.status === 403 && !act.retried) {
      act.retried = true;
      window.keng.freshen().then(() => { if (form.isConnected) form.requestSubmit(); });
    } else if (xhr.status === 403) say(live?.dataset.refused);
    else if (xhr.status === 0 || xhr.status >= 500) say(live?.dataset.unsent);
  }

  document.body.addEventListener("htmx:configRequest", (event) => {
    const { path, formData, verb, elt: form } = event.detail;
    if (verb !== "post") return;
    const key = keyOf(path, formData);
    const now = performance.now();
    for (const [other, act] of acts) if (now - act.at > (act.answered ? AGAIN_MS : UNANSWERED_MS)) acts.delete(other);
    if (!acts.has(key)) acts.set(key, { id: fresh(), at: now, answered: false, retried: false });
    const act = acts.get(key);
    formData.set("ask", act.id);
    event.detail.timeout = WAIT_MS;
    form.addEventListener("htmx:afterRequest", (done) => after(form, act, done.detail), { once: true });
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    // The login page instead of an answer: nothing was done.
    if (signedOut(event.detail.xhr)) { event.detail.shouldSwap = false; window.keng.ended(); }
  });

  // What was done is said for a while; what was not is said until the next act.
  document.getElementById("said")?.addEventListener("htmx:afterSwap", (event) => {
    const line = event.currentTarget.querySelector(".success");
    if (line) setTimeout(() => line.remove(), SAID_MS);
  });

  // A finger on a phone misses: what silences a real alarm wants a second tap, after TREMBLE_MS and within SURE_MS. Taking a case wants one.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-again]");
    if (!button || !matchMedia("(pointer: coarse)").matches) return;
    const since = performance.now() - Number(button.dataset.armed || -SURE_MS);
    if (since > TREMBLE_MS && since < SURE_MS) return;
    event.preventDefault();
    event.stopPropagation();
    if (since <= TREMBLE_MS) return;
    const text = button.dataset.text || button.textContent;
    Object.assign(button.dataset, { armed: performance.now(), text });
    button.textContent = button.dataset.again;
    setTimeout(() => { button.textContent = text; delete button.dataset.armed; }, SURE_MS);
  }, true);

  // The alarm: a button, a dialog, and for all that is real a second look at what will happen.
  const dialog = document.getElementById("alarm-dialog");
  if (!dialog) return;
  const sure = document.getElementById("alarm-sure");
  const form = document.getElementById("alarm-form");
  const back = () => { sure.replaceChildren(); form.hidden = false; };
  const begin = () => { back(); document.getElementById("alarm-said").replaceChildren(); if (!dialog.open) dialog.showModal(); };
  document.getElementById("alarm-open").addEventListener("click", begin);
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]")) dialog.close();
    if (event.target.closest("[data-back]")) { if (sure.dataset.from === "card") dialog.close(); back(); }
  });
  document.body.addEventListener("keng:sure", (event) => {
    sure.dataset.from = dialog.open ? "dialog" : "card";
    form.hidden = true;
    if (!dialog.open) dialog.showModal();
    (sure.querySelector("[data-focus]") || event.target).focus();
  });
  document.body.addEventListener("keng:sounded", () => { if (dialog.open) dialog.close(); form.reset(); back(); });
})();
