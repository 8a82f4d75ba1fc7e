// The buttons that print. After a remark was written down the page is read again, so that the timeline has it.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.target.closest?.("form[hx-post$='/ghi-chu']")) setTimeout(() => location.reload(), 600); });
