// One beat a second from a thread of its own: a hidden tab's timers are slowed down to one a minute, a worker's are not.
"use strict";
setInterval(() => postMessage(0), 1000);
