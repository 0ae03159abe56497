// Suggestions under every search box: the combobox of the WAI-ARIA practices, with a list grouped
// by kind. Enter without a chosen suggestion searches, as it would without this script.
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
    input.closest(".search__box").append(list);
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

    function fill(groups) {
      list.replaceChildren();
      let number = 0;
      for (const group of groups) {
        if (!group.items.length) continue;
        const box = document.createElement("div");
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", group.label);
        const title = document.createElement("div");
        title.className = "suggestions__group";
        title.setAttribute("aria-hidden", "true");
        title.textContent = group.label;
        box.append(title);
        for (const item of group.items) {
          const option = document.createElement("div");
          option.id = `${list.id}-${number++}`;
          option.className = "suggestions__option";
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = item.url;
          option.textContent = item.title;
          box.append(option);
        }
        list.append(box);
      }
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = number === 0;
      input.setAttribute("aria-expanded", String(number > 0));
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

    function go(option) {
      location.assign(option.dataset.url);
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
        go(options()[active]);
      }
    });
    input.addEventListener("blur", close);
    // Before the blur that a click causes, or the list would be gone by the time of the click.
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) go(option);
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(attach);
})();
