// On every page: times in the reader's own zone, keys, focus after a swap, words when a request fails.
import "./keys.js";

const STYLES = {
  moment: { dateStyle: "medium", timeStyle: "short" },
  clock: { timeStyle: "medium" },
};

/** The server writes times in UTC; this shows those below `root` as the reader's clock does. */
export function local(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const style = STYLES[time.dataset.local];
    time.textContent = new Intl.DateTimeFormat(undefined, style).format(new Date(time.dateTime));
  }
}

local(document);

document.addEventListener("htmx:after:settle", (event) => {
  local(document);
  const target = event.detail.task?.target ?? event.target;
  if (target instanceof Element && /^(room|debrief|review)$/.test(target.id)) {
    const answer = matchMedia("(pointer: fine)").matches && target.querySelector("#answer");
    (answer || target.querySelector("h1"))?.focus({ preventScroll: true });
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/account/deletion" || !event.target.elements.sure?.checked) return;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("greenroom:")) localStorage.removeItem(key);
  } catch { /* no storage, no copies */ }
});

document.addEventListener("htmx:before:request", () => say(""));
document.addEventListener("htmx:error", () => {
  say("The server cannot be reached. What you typed is still here; check the connection and press the button again.");
});

function say(words) {
  const problem = document.getElementById("problem");
  if (problem) problem.textContent = words;
}
