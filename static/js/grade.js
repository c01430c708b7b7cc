// Shows the verdict the ticks propose. The rule is the server's: it sends the proposal for every ticked weight.
document.addEventListener("change", (event) => {
  const form = event.target.closest(".grade-form");
  if (!form) return;
  const verdicts = form.querySelector(".verdicts");
  if (event.target.name === "verdict") verdicts.dataset.overridden = "";
  if (event.target.name !== "points" || "overridden" in verdicts.dataset) return;
  const ticked = [...form.querySelectorAll("[name=points]:checked")];
  const weight = ticked.reduce((sum, point) => sum + Number(point.dataset.weight), 0);
  const proposed = verdicts.dataset.proposals.split(" ")[weight];
  const radio = form.querySelector(`[name=verdict][value=${proposed}]`);
  if (!radio) return;
  radio.checked = true;
  form.querySelector("#proposal").textContent = `Proposed from your ticks: ${proposed}. Choose another if you know better.`;
});
