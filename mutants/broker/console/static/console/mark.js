// The tab's title and picture say how many cases nobody has taken, and that the page is no longer true: a tab in the background is read there.
"use strict";
(() => {
  const SIZE = 32;
  const own = document.title;
  const icon = document.querySelector('link[rel="icon"]');
  const plain = icon?.href;
  let shown = "";

  function picture(text, colour) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const pen = canvas.getContext("2d");
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(SIZE / 2, SIZE / 2, SIZE / 2, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = "#fff";
    pen.font = `bold ${text.length > 1 ? 18 : 24}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, SIZE / 2, SIZE / 2 + 1);
    return canvas.toDataURL("image/png");
  }

  function look() {
    const untaken = document.querySelectorAll('[data-loud] > [data-state="open"]').length;
    const reasons = window.keng?.reasons || [];
    const untrue = reasons.includes("cut") || reasons.includes("session");
    const now = `${untaken} ${untrue}`;
    if (now === shown) return;
    shown = now;
    document.title = `${untrue ? "⚠ " : ""}${untaken ? `(${untaken}) ` : ""}${own}`;
    if (icon) icon.href = untrue ? picture("!", "#b36b00") : untaken ? picture(untaken > 99 ? "99" : String(untaken), "#c4201a") : plain;
  }

  document.addEventListener("keng:part", look);
  document.addEventListener("keng:told", look);
  look();
})();
