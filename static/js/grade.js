// Shows the verdict the ticks propose. The rule is the server's: it sends the proposal for every ticked weight.
function propose(form) {
  const verdicts = form.querySelector(".verdicts");
  const points = [...form.querySelectorAll("[name=points]")];
  const ticked = points.filter((point) => point.checked);
  const missed = form.querySelector("[data-missed]");
  if (missed) missed.hidden = points.length > 0 && ticked.length === points.length;
  if ("overridden" in verdicts.dataset) return;
  const weight = ticked.reduce((sum, point) => sum + Number(point.dataset.weight), 0);
  const proposed = verdicts.dataset.proposals.split(" ")[weight];
  const radio = form.querySelector(`[name=verdict][value=${proposed}]`);
  if (!radio) return;
  radio.checked = true;
  form.querySelector("#proposal").textContent = `Proposed from your ticks: ${proposed}. Choose another if you know better.`;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest(".grade-form");
  if (!form) return;
  if (event.target.name === "verdict") form.querySelector(".verdicts").dataset.overridden = "";
  if (event.target.name === "points") propose(form);
});

// A grade that is looked at again shows what its ticks proposed; an untouched form shows nothing yet.
function open() {
  const form = document.querySelector(".grade-form");
  if (form?.querySelector("[name=points]:checked")) propose(form);
}

open();
document.addEventListener("htmx:after:settle", open);
