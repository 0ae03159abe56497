// Picks partners, projects and the like by their names (components/picker.html). The suggestions are those of
// suggest.js, which loads before this; what is chosen becomes a tag that can be taken away. `picker:add` with {id, title}
// on the fieldset picks from elsewhere, and `picker:changed` tells of every change.
(() => {
  function attach(box) {
    const list = box.querySelector(".picker__list");
    const input = box.querySelector("[data-suggest]");
    const said = document.createElement("p");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    box.append(said);
    box.classList.add("picker--live");
    box.querySelector("button[type=submit]").remove();

    const has = (id) => Boolean(list.querySelector(`input[value="${id}"]`));
    const changed = () => box.dispatchEvent(new CustomEvent("picker:changed", { bubbles: true }));

    function tag(id, title, note = "") {
      const one = document.createElement("li");
      one.className = "picker__one tag";
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: box.dataset.picker, value: id });
      const name = document.createElement("span");
      name.textContent = title;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "picker__remove";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${box.dataset.remove} ${title}`);
      remove.addEventListener("click", () => drop(one, title));
      one.append(field, name);
      if (note) {
        const more = document.createElement("span");
        more.className = "picker__note";
        more.textContent = note;
        one.append(more);
      }
      one.append(remove);
      return one;
    }

    function add({ id, title, note }) {
      if (has(id)) return;
      list.append(tag(id, title, note));
      said.textContent = `${box.dataset.added} ${title}`;
      said.className = "visually-hidden";
      changed();
    }

    function drop(one, title) {
      const next = (one.nextElementSibling ?? one.previousElementSibling)?.querySelector("button") ?? input;
      one.remove();
      next.focus();
      said.textContent = `${box.dataset.removed} ${title}`;
      changed();
    }

    for (const one of [...list.children]) {
      const field = one.querySelector("input");
      if (!field.checked) continue;
      const note = one.querySelector(".picker__note");
      note?.remove();
      one.replaceWith(tag(field.value, one.textContent.trim(), note?.textContent));
    }
    for (const one of [...list.children]) {
      const field = one.querySelector("input[type=checkbox]"); // found by name, to be checked
      field?.addEventListener("change", () => {
        const note = one.querySelector(".picker__note");
        note?.remove();
        one.remove();
        add({ id: field.value, title: one.textContent.trim(), note: note?.textContent });
        input.focus();
      });
    }

    box.addEventListener("picker:add", (event) => add(event.detail));
    input.addEventListener("suggest:offer", (event) => {
      if (has(event.detail.id)) event.preventDefault();
    });
    input.addEventListener("suggest:filled", (event) => {
      said.textContent = event.detail.length ? "" : box.dataset.none;
      said.className = event.detail.length ? "visually-hidden" : "picker__label";
    });
    input.addEventListener("suggest:chosen", (event) => {
      event.preventDefault();
      input.value = "";
      add(event.detail);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.defaultPrevented) event.preventDefault(); // never sends the whole form
      if (event.key === "Backspace" && !input.value) list.lastElementChild?.querySelector("button")?.focus();
    });
  }

  document.querySelectorAll("[data-picker]").forEach(attach);
})();
