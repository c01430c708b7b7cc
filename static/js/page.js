// On every page: times in the reader's own zone, keys, focus after a swap, words when a request fails.
import { local } from "./times.js";
import "./keys.js";

local(document);

document.addEventListener("htmx:after:settle", (event) => {
  local(document);
  const target = event.detail.task?.target ?? event.target;
  if (target instanceof Element && /^(room|debrief|review)$/.test(target.id)) {
    const answer = matchMedia("(pointer: fine)").matches && target.querySelector("#answer");
    (answer || target.querySelector("h1"))?.focus({ preventScroll: true });
  }
});

document.addEventListener("htmx:before:request", () => say(""));
document.addEventListener("htmx:error", () => {
  say("The server cannot be reached. What you typed is still here; check the connection and press the button again.");
});

function say(words) {
  const problem = document.getElementById("problem");
  if (problem) problem.textContent = words;
}
