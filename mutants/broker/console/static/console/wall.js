// The screen at the post: the commune's time, and whether what it shows is true.
"use strict";
(() => {
  const clock = document.getElementById("wall-clock");
  const link = document.getElementById("wall-link");
  const time = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

  function look() {
    clock.textContent = time.format(new Date(window.keng.now));
    const untrue = window.keng.reasons.includes("cut") || window.keng.reasons.includes("session") || window.keng.reasons.includes("mqtt");
    link.textContent = untrue ? link.dataset.bad : link.dataset.good;
    link.classList.toggle("bad", untrue);
  }

  document.addEventListener("keng:tick", look);
  document.addEventListener("keng:told", look);
  look();
})();
