// What a script adds to the page of the query form: a filter for the worked questions, and a button that copies.
// Everything else on the page works without it.

for (const box of document.querySelectorAll("[data-filter]")) {
  const groups = [...document.getElementById(box.dataset.filter).querySelectorAll("details")];
  const entries = groups.flatMap((group) => [...group.querySelectorAll("li")]);
  const opened = new Map(groups.map((group) => [group, group.open]));
  const field = box.querySelector("input");
  const told = box.querySelector("[data-count]");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of groups) {
      const found = [...group.querySelectorAll("li")].some((entry) => !entry.hidden);
      group.hidden = !found;
      group.open = words.length > 0 ? found : opened.get(group);
    }
    const count = entries.filter((entry) => !entry.hidden).length;
    told.textContent = words.length > 0 ? told.dataset.count.replace("{count}", count).replace("{all}", entries.length) : "";
  });
  box.hidden = false;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // only where the address is secure
  const field = document.getElementById(button.dataset.copy);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.querySelector(".kern-label").textContent = button.dataset.done;
  });
  button.hidden = false;
}
