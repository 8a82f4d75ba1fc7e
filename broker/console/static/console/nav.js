// On a telephone the row of pages is longer than the screen: the one that is open is moved into sight.
"use strict";
document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
