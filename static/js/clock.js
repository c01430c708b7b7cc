// Counts down to the instant the server named, by the wall clock corrected to the server's; never by counting ticks,
// so that a tab that slept shows the right time the moment it wakes.
let offset = 0; // server time minus this browser's, in milliseconds
let warned = Infinity;

const timer = () => document.querySelector("[role=timer]");
const now = () => Date.now() + offset;

/** Take over what a response says about the time: its own instant and the deadline. */
export function sync(element) {
  if (!element?.dataset.now) return;
  offset = Date.parse(element.dataset.now) - Date.now();
  const shown = timer();
  if (shown && element.dataset.deadline) shown.dataset.deadline = element.dataset.deadline;
  draw();
}

/** Milliseconds left; negative when the time is over, infinite where no clock runs. */
export function left() {
  const shown = timer();
  if (!shown || shown.dataset.state === "paused") return Infinity;
  return Date.parse(shown.dataset.deadline) - now();
}

function draw() {
  const shown = timer();
  if (!shown || shown.dataset.state === "paused") return;
  const ms = left();
  const seconds = ms >= 0 ? Math.ceil(ms / 1000) : Math.floor(-ms / 1000);
  const over = ms < 0 && document.getElementById("room")?.dataset.mode === "relaxed";
  const text = words(over || ms >= 0 ? seconds : 0);
  if (shown.textContent !== text) shown.textContent = text;
  const clock = shown.closest(".clock");
  clock?.classList.toggle("soon", !over && ms <= 300000 && ms > 60000);
  clock?.classList.toggle("last", !over && ms <= 60000);
  clock?.classList.toggle("over", over);
  const label = clock?.querySelector(".clock-label");
  if (over && label) label.textContent = "over time";
  warn(shown, ms);
  if (ms <= 0) document.dispatchEvent(new CustomEvent("greenroom:deadline"));
}

function warn(shown, ms) {
  const steps = (shown.dataset.warnings ?? "").split(" ").filter(Boolean).map((step) => Number(step) * 1000);
  const reached = Math.min(...steps.filter((step) => ms <= step), Infinity);
  const place = document.getElementById("time-warning");
  if (!place || reached >= warned) return;
  const first = warned === Infinity && reached - ms > 5000; // reached before this page was opened: known already
  warned = reached;
  if (first || ms <= 0) return;
  const half = reached === steps[0];
  const text = half ? `Half of the time is over: ${spoken(reached)} left.` : `${spoken(reached)} left.`;
  place.textContent = text;
  setTimeout(() => { if (place.textContent === text) place.textContent = ""; }, 8000);
}

function spoken(ms) {
  if (ms < 60000) return `${Math.round(ms / 1000)} seconds`;
  const minutes = Math.round(ms / 6000) / 10;
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

function words(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** The page was made before this script ran: its time counts from when its first byte came. */
function start() {
  const loaded = performance.getEntriesByType("navigation")[0];
  sync(timer());
  const late = loaded ? performance.now() - loaded.responseStart : 0;
  if (timer() && late > 0 && late < 60000) { offset += late; draw(); }
}

start();
setInterval(draw, 250);
for (const event of ["visibilitychange", "pageshow", "focus"]) addEventListener(event, draw, true);
document.addEventListener("htmx:after:settle", () => sync(timer()));
