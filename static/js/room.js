// The room: saves what is typed, keeps a copy here until the server has it, and hands in when the time is over.
import { left, sync } from "./clock.js";
import { local } from "./page.js";

const AFTER_LAST_KEY = 2000;
const AT_MOST = 10000; // of typing at risk
const LATE = 2500; // without an answer by then, say so
const KEEPALIVE_BYTES = 60000; // browsers refuse more in a request that outlives its page
const WORDS = {
  401: "This browser’s cookie is gone, so nothing can be saved. Your text is kept here: copy it before you leave.",
  403: "The server took this for a request from another site. Reload the page; your text is kept in this browser.",
  409: "This interview has been handed in. This text was not saved; copy it if you want to keep it.",
  413: "This answer is longer than 64 KB and was not saved. Shorten it; it is saved by itself then.",
  422: "The server could not use this answer. Reload the page; your text is kept in this browser.",
  500: "The server had a problem. Your text is kept in this browser; trying again.",
  503: "The server cannot store anything just now. Your text is kept in this browser; trying again.",
  offline: "Offline. Your text is kept in this browser and sent when you are back.",
  slow: "Still trying to save. Your text is kept in this browser.",
};
const AGAIN = new Set([500, 502, 503, 504]);
// Names this tab to the server: it then knows a later save of ours from one of another tab, and a late one from a new one.
const TAB = crypto.getRandomValues(new Uint32Array(2)).reduce((name, part) => name + part.toString(36), "").slice(0, 16);

let room; // the part of the page this is about; replaced at every swap
let saved = null; // what the server has acknowledged, text and confidence; null: nothing of what is in the box
let turn = 0; // counts our saves
let heard = 0; // the newest of them that was answered
let waiting = new Set(); // the saves under way
let soon, latest, tries = 0;

const find = (selector) => room.querySelector(selector);
const box = () => room && find("#answer");
const form = () => room && find("#answer-form");
const key = () => `greenroom:${room.dataset.interview}:${room.dataset.number}`;
const state = () => `${form().elements.confidence?.value ?? ""}\n${box().value}`;
const unsaved = () => box() && state() !== saved;

function open() {
  const before = room?.dataset.number;
  room = document.getElementById("room");
  if (before && before !== room?.dataset.number) scrollTo(0, 0);
  clearTimeout(soon);
  clearTimeout(latest);
  soon = latest = undefined;
  tries = 0;
  if (!box()) return;
  for (const part of room.querySelectorAll("[data-choices]")) part.hidden = false;
  form().elements.tab.value = TAB;
  // The address names the question, so that "back" leads to it later.
  const address = `/interviews/${room.dataset.interview}/questions/${room.dataset.number}`;
  if (location.pathname !== address) history.replaceState(history.state, "", address);
  if ("unsaved" in room.dataset) { // the server gave the text back without storing it
    saved = null;
    keep();
    soon = setTimeout(save, AFTER_LAST_KEY);
    return;
  }
  saved = state();
  bringBack();
  // Reached by a link or by "back": tell the server which question is in front of the user from now on.
  if (room.dataset.current !== room.dataset.number && !waiting.size) track(send(false));
}

/** Text that never reached the server (a crash, a lost network) goes back into the box and is sent. */
function bringBack() {
  const copy = read();
  if (copy === null || copy === box().value) return forget();
  box().value = copy;
  tell("This text was kept in your browser and is being saved.");
  save();
}

function typed() {
  keep();
  clearTimeout(soon);
  soon = setTimeout(save, AFTER_LAST_KEY);
  latest ??= setTimeout(save, AT_MOST);
}

/** Save what is in the box. One save at a time, but for the one when the page is left: that cannot wait. */
async function save({ leaving = false } = {}) {
  clearTimeout(soon);
  clearTimeout(latest);
  soon = latest = undefined;
  if (!unsaved()) return;
  if (waiting.size && !leaving) {
    await Promise.allSettled([...waiting]);
    return save();
  }
  await track(send(leaving));
}

function track(request) {
  waiting.add(request);
  return request.finally(() => waiting.delete(request));
}

async function send(leaving) {
  const here = room;
  const sent = state();
  const mine = turn += 1;
  form().elements.turn.value = mine;
  const body = new URLSearchParams(new FormData(form()));
  const slow = setTimeout(() => { if (here === room) trouble("slow"); }, LATE);
  try {
    const response = await fetch(`/interviews/${here.dataset.interview}/questions/${here.dataset.number}/draft`, {
      method: "POST",
      body,
      headers: { "HX-Request-Type": "partial" },
      keepalive: leaving && String(body).length < KEEPALIVE_BYTES,
      signal: leaving ? undefined : AbortSignal.timeout(15000),
    });
    const html = await response.text();
    if (here === room && mine > heard) {
      heard = mine;
      answered(response.status, html, sent);
    }
  } catch {
    if (here === room) failed("offline");
  } finally {
    clearTimeout(slow);
  }
}

function answered(status, html, sent) {
  const part = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!part?.dataset.revision) return failed(status, part?.textContent.trim());
  form().elements.revision.value = part.dataset.revision;
  saved = sent;
  tries = 0;
  if (!unsaved()) forget();
  sync(part);
  if (status === 409) {
    for (const choices of part.querySelectorAll("[data-choices]")) choices.hidden = false;
    find("#conflict").replaceChildren(part);
    tell("Saved.");
    return;
  }
  find("#saved").replaceWith(part);
  local(room);
}

function failed(status, words) {
  trouble(status, words);
  if (status === 409) over = true; // handed in: what is in the box can only be copied
  if (status !== "offline" && !AGAIN.has(status)) return;
  tries += 1;
  soon ??= setTimeout(save, Math.min(1000 * 2 ** tries, 30000));
}

function trouble(status, words) {
  const text = (status === 409 && words) || WORDS[status] || words || WORDS[500];
  const place = find("#saved");
  if (!place) return;
  place.className = "trouble";
  place.textContent = text;
}

function tell(words) {
  const place = find("#saved");
  if (place) { place.className = ""; place.textContent = words; }
}

// The copy in this browser. Private windows and full disks refuse storage: typing goes on without it.
function keep() { try { localStorage.setItem(key(), box().value); } catch { /* no copy then */ } }
function read() { try { return localStorage.getItem(key()); } catch { return null; } }
function forget(name = key()) { try { localStorage.removeItem(name); } catch { /* nothing to forget */ } }

/** The time is over: send the last words, then go where the server says the interview is. Unsent words keep us here. */
let over = false;
let ending = false;
async function deadline() {
  if (ending || over || room?.dataset.mode !== "exam") return;
  ending = true;
  await Promise.race([save(), new Promise((done) => setTimeout(done, 4000))]);
  ending = false;
  if (unsaved()) return ended();
  location.assign(`/interviews/${room.dataset.interview}`);
}

/** Time is over and words are unsent: offline we go on trying (every call of `deadline` does), else they can be copied. */
function ended() {
  const place = document.getElementById("problem");
  if (!place || place.querySelector("a")) return;
  const link = Object.assign(document.createElement("a"), { href: `/interviews/${room.dataset.interview}/debrief`, textContent: "Go to the debrief" });
  place.replaceChildren("Time is over, and the last words in the box have not reached the server. Copy them if they matter. ", link);
}

document.addEventListener("input", (event) => { if (box() && event.target === box()) typed(); });
document.addEventListener("change", (event) => { if (box() && event.target.name === "confidence") save(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save({ leaving: true }); });
addEventListener("pagehide", () => save({ leaving: true }));
addEventListener("online", () => save());
document.addEventListener("greenroom:deadline", deadline);
document.addEventListener("htmx:after:settle", open);

// A button takes the text along. It waits for a save under way, so that it goes out with the revision that one made; and
// nothing can be typed until it is answered, because what it brings replaces the box.
let pressed = null;
document.addEventListener("submit", (event) => {
  if (!room || event.target !== form() || !box()) return;
  if (waiting.size) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    Promise.allSettled([...waiting]).then(() => form()?.requestSubmit(button));
    return;
  }
  keep();
  form().elements.turn.value = turn += 1;
  heard = turn;
  box().readOnly = true;
  pressed = { key: key(), slow: setTimeout(() => trouble("slow"), LATE) };
}, true);

document.addEventListener("htmx:after:request", (event) => {
  // Once the server has taken what a button sent, the copy can go.
  if (pressed && event.detail.ctx.response.status < 400) forget(pressed.key);
});
document.addEventListener("htmx:finally:request", () => {
  if (!pressed) return;
  clearTimeout(pressed.slow);
  pressed = null;
  if (box()) box().readOnly = false;
});

document.addEventListener("click", (event) => {
  if (event.target.matches?.("[data-take]")) {
    box().value = find("[data-other]").value;
    typed();
    save();
  }
  if (event.target.matches?.("[data-take], [data-dismiss]")) {
    find("#conflict").replaceChildren();
    box().focus();
  }
});

open();
if (room && left() <= 0) deadline();
