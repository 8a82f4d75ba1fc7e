// A session that ended is healed in place: the login page's own form in a dialog, sent without leaving, so that the permission for sound is kept.
//
// What must hold: whatever the login asks (a password, then a code), its forms are shown one after another until we are in. Where somebody else
// signed in, the page is loaded anew: what it may show is another matter then.
"use strict";
(() => {
  const live = document.getElementById("live");
  const dialog = document.getElementById("signin");
  if (!live || !dialog) return;
  const place = document.getElementById("signin-form");
  let asking = false;

  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // The page that came: is it a login's, with a form to fill in, or are we in?
  async function show(answer) {
    const page = await parsed(answer);
    const there = page.getElementById("live");
    if (there) { inside(page, there); return; }
    const form = page.querySelector("main form");
    if (!form) throw new Error("no form");
    const fault = page.querySelector("main [role=alert]");
    if (fault && !form.contains(fault)) form.prepend(fault);
    form.querySelectorAll("[id]").forEach((one) => { one.id = `in-${one.id}`; });
    form.querySelectorAll("label[for]").forEach((one) => { one.htmlFor = `in-${one.htmlFor}`; });
    form.dataset.action = new URL(form.getAttribute("action") || answer.url, answer.url).href;
    form.addEventListener("submit", send);
    place.replaceChildren(form);
    (form.querySelector("input:not([type=hidden])[autofocus]") || form.querySelector("input:not([type=hidden])"))?.focus();
  }

  function inside(page, there) {
    if (there.dataset.officer !== live.dataset.officer) { location.reload(); return; }
    document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
    for (const fresh of page.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      for (const own of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) own.value = fresh.value;
    }
    place.replaceChildren();
    if (dialog.open) dialog.close();
    window.keng.reopen();
  }

  async function send(event) {
    event.preventDefault();
    const form = event.target;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    await go(() => fetch(form.dataset.action, { method: "POST", body, credentials: "same-origin" }));
  }

  async function go(ask) {
    if (asking) return;
    asking = true;
    try {
      const answer = await ask();
      if (answer.status >= 500) throw new Error(String(answer.status));
      await show(answer);
    } catch {
      let line = place.querySelector("[data-fault]");
      if (!line) { line = document.createElement("p"); line.dataset.fault = ""; line.className = "said error"; line.setAttribute("role", "alert"); place.prepend(line); }
      line.textContent = dialog.dataset.failed;
    } finally { asking = false; }
  }

  // Asks for our own page: we are sent to the login if we are out, and its `next` leads back here.
  const ask = () => go(() => fetch(live.dataset.home, { credentials: "same-origin", cache: "no-store", headers: { Accept: "text/html" } }));

  function look() {
    if (!(window.keng?.reasons || []).includes("session")) return;
    if (!dialog.open) {
      for (const other of document.querySelectorAll("dialog[open]")) other.close();
      dialog.showModal();
    }
    if (!place.firstElementChild) ask();
  }

  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.addEventListener("keng:told", look);
  document.addEventListener("keng:tick", look);
  window.keng = Object.assign(window.keng || {}, { freshen: ask });
  look();
})();
