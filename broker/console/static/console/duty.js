// A form that was sent gets a fresh id, so that the next sending is another act; a failed sending keeps its id, so that trying again is the same act.
"use strict";
(() => {
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-fresh]");
    if (form && event.detail.successful) { form.reset(); form.elements[form.dataset.fresh].value = fresh(); }
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      if (event.detail.xhr && event.detail.xhr.status === 409) return;
      const said = document.getElementById("said");
      const line = document.createElement("p");
      line.className = "said error";
      line.setAttribute("role", "alert");
      line.textContent = document.getElementById("live")?.dataset.cut || "!";
      said.replaceChildren(line);
    });
  }
})();
