// Keys of the page: an element says its own in data-key. "?" lists them.
const NAMES = { Control: "Ctrl", ArrowLeft: "←", ArrowRight: "→" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.metaKey || event.repeat) return;
  const typing = event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const combined = event.ctrlKey || event.altKey;
  if (typing && !event.ctrlKey) return; // Alt and arrows move by words there
  if (event.key === "?" && !combined) return help();
  const pressed = (event.ctrlKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") + event.key;
  const found = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === pressed);
  if (!found || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  found.click();
});

function help() {
  const keys = [...document.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, label(element)]);
  keys.push(["Space", "Tick the key point in focus"], ["?", "This list"]);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Keys of this page");
  const list = document.createElement("dl");
  for (const [key, words] of keys) {
    const term = document.createElement("dt");
    for (const part of key.split("+")) term.append(Object.assign(document.createElement("kbd"), { textContent: NAMES[part] ?? part }), " ");
    list.append(term, Object.assign(document.createElement("dd"), { textContent: words }));
  }
  const close = Object.assign(document.createElement("button"), { className: "button", textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(Object.assign(document.createElement("h2"), { textContent: "Keys" }), list, close);
  document.body.append(dialog);
  dialog.showModal();
}

function label(element) {
  const text = element.getAttribute("aria-label") || element.textContent.trim();
  return text || element.closest("label")?.textContent.trim() || element.name;
}
