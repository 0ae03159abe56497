// Offers the names of a project's people after an @. Without this script the name is simply written out.
(() => {
  for (const box of document.querySelectorAll("[data-mentions]")) {
    const field = box.querySelector("textarea");
    const names = JSON.parse(box.dataset.mentions);
    if (!field || !names.length) continue;
    const list = document.createElement("ul");
    list.id = `${field.id}-names`;
    list.className = "suggestions mentions__list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.mentionsLabel);
    list.hidden = true;
    field.after(list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    let active = 0;

    const started = () => field.value.slice(0, field.selectionStart).match(/(?:^|[\s(])@([^\n@]{0,60})$/);

    function close() {
      list.hidden = true;
      field.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      const options = [...list.children];
      active = (index + options.length) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
      field.setAttribute("aria-activedescendant", options[active].id);
    }

    function take(name) {
      const found = started();
      if (!found) return close();
      const end = field.selectionStart;
      field.setRangeText(`${name} `, end - found[1].length, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      close();
      field.focus();
    }

    function offer() {
      const found = started();
      const typed = found ? found[1].toLocaleLowerCase() : "";
      const fitting = found ? names.filter((name) => name.toLocaleLowerCase().startsWith(typed)).slice(0, 8) : [];
      if (!fitting.length || fitting.some((name) => name.toLocaleLowerCase() === typed)) return close();
      list.replaceChildren(
        ...fitting.map((name, at) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${at}`;
          option.className = "suggestions__option";
          option.setAttribute("role", "option");
          option.textContent = name;
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            take(name);
          });
          return option;
        }),
      );
      list.hidden = false;
      mark(0);
    }

    field.addEventListener("input", offer);
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(active + 1);
      else if (event.key === "ArrowUp") mark(active - 1);
      else if (event.key === "Enter" || event.key === "Tab") take(list.children[active].textContent);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
  }
})();
