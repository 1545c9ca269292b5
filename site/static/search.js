// Suggestions below the search box while somebody types: a combobox after the ARIA Authoring Practices. The form works
// without it; Enter without a chosen suggestion sends the form.

const PATIENCE = 120;
const LEAST = 2;
const MOST = 8;

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const field = form.querySelector("input[name=q]");
  const list = form.querySelector("ul");
  const status = form.querySelector("[role=status]");
  let timer;
  let running;
  let current = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  list.setAttribute("role", "listbox");

  const close = () => {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    choose(-1);
    status.textContent = "";
  };

  const choose = (index) => {
    list.children[current]?.setAttribute("aria-selected", "false");
    current = index;
    const option = list.children[index];
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  const option = (hit, base, index) => {
    const item = document.createElement("li");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.href = new URL(hit.href, base).href;
    const title = document.createElement("span");
    title.textContent = [hit.code, hit.title].filter(Boolean).join(" ");
    if (hit.language) title.lang = hit.language;
    const kind = document.createElement("span");
    kind.className = "search__kind";
    kind.textContent = hit.kind;
    item.append(title, " ", kind);
    return item;
  };

  const suggest = async () => {
    running = new AbortController();
    const { signal } = running;
    const asked = new URLSearchParams({ q: field.value.slice(0, 200), lang: document.documentElement.lang, limit: MOST });
    if (form.dataset.plan) asked.set("plan", form.dataset.plan);
    try {
      const response = await fetch(`${form.dataset.suggest}?${asked}`, { signal });
      if (!response.ok) throw new Error(response.statusText);
      const { hits } = await response.json();
      if (signal.aborted || document.activeElement !== field) return;
      list.replaceChildren(...hits.map((hit, index) => option(hit, response.url, index)));
      list.hidden = hits.length === 0;
      field.setAttribute("aria-expanded", String(hits.length > 0));
      choose(-1);
      const [none, one, many] = form.dataset.counts.split("|");
      status.textContent = [none, one][hits.length] ?? many.replace("{count}", hits.length);
    } catch {
      if (!signal.aborted) close(); // no server that answers: the form is still there
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    running?.abort();
    if (field.value.trim().length < LEAST) close();
    else timer = setTimeout(suggest, PATIENCE);
  });

  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") choose(current < last ? current + 1 : -1);
    else if (event.key === "ArrowUp") choose(current >= 0 ? current - 1 : last);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && current >= 0) location.assign(list.children[current].dataset.href);
    else {
      if (event.key === "Tab") close(); // a list that scrolls would take the focus
      return;
    }
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) location.assign(chosen.dataset.href);
  });
  field.addEventListener("blur", close);
}
