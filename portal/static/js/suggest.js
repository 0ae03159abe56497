// Suggestions under every search box: the combobox of the WAI-ARIA practices, with a list grouped
// by kind. Enter without a chosen suggestion searches, as it would without this script.
//
// What is chosen is gone to, unless somebody takes it: the events `suggest:offer` (prevented: not shown),
// `suggest:filled` and `suggest:chosen` tell of each item. `data-suggest-first` marks the first one at once.
(() => {
  const WAIT = 150;
  const LEAST = 2;

  function attach(input) {
    const list = document.createElement("div");
    list.id = `${input.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
    list.hidden = true;
    input.closest("[data-suggest-box], .search__box").append(list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }

    let timer = 0;
    let asking = null;
    let active = -1;
    let items = [];

    const options = () => [...list.querySelectorAll("[role=option]")];

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function select(index) {
      const all = options();
      if (!all.length) return;
      active = (index + all.length) % all.length;
      all.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }

    function tell(name, item, cancelable = true) {
      return input.dispatchEvent(new CustomEvent(`suggest:${name}`, { detail: item, bubbles: true, cancelable }));
    }

    function titled(group) {
      if (!group.label) return list;
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", group.label);
      const title = document.createElement("div");
      title.className = "suggestions__group";
      title.setAttribute("aria-hidden", "true");
      title.textContent = group.label;
      box.append(title);
      list.append(box);
      return box;
    }

    function fill(groups) {
      list.replaceChildren();
      items = [];
      for (const group of groups) {
        const offered = group.items.filter((item) => tell("offer", item));
        if (!offered.length) continue;
        const box = titled(group);
        for (const item of offered) {
          const option = document.createElement("div");
          option.id = `${list.id}-${items.length}`;
          option.className = "suggestions__option";
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.textContent = item.title;
          if (item.note) {
            const note = document.createElement("span");
            note.className = "suggestions__note";
            note.textContent = ` ${item.note}`;
            option.append(note);
          }
          box.append(option);
          items.push(item);
        }
      }
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      if (items.length && "suggestFirst" in input.dataset) select(0);
      tell("filled", items, false);
    }

    async function ask() {
      const q = input.value.trim();
      asking?.abort();
      if (q.length < LEAST) return close();
      asking = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q })}`, {
          headers: { Accept: "application/json" },
          signal: asking.signal,
        });
        if (!answer.ok) return close();
        fill(await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    function choose(index) {
      const item = items[index];
      clearTimeout(timer);
      asking?.abort();
      if (tell("chosen", item)) location.assign(item.url);
      else close();
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" && !list.hidden) {
        event.preventDefault();
        select(active + 1);
      } else if (event.key === "ArrowUp" && !list.hidden) {
        event.preventDefault();
        select(active < 0 ? -1 : active - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        choose(active);
      }
    });
    input.addEventListener("blur", close);
    // Keeps the focus where it is, or the list would be gone by the time of the click; fingers may still scroll.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(options().indexOf(option));
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(attach);
})();
