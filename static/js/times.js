// The server writes times in UTC; this shows them as the reader's clock does.
const STYLES = {
  moment: { dateStyle: "medium", timeStyle: "short" },
  clock: { timeStyle: "medium" },
};

export function local(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const style = STYLES[time.dataset.local];
    time.textContent = new Intl.DateTimeFormat(undefined, style).format(new Date(time.dateTime));
  }
}
