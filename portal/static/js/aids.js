// While an article is written: what its text names, to be linked, and what may be better (news/aids/aids.html). The
// server says both; without this script the page says them each time it is saved or previewed.
(() => {
  const WAIT = 800;

  for (const asked of document.querySelectorAll("form [data-aids]")) {
    const form = asked.closest("form");
    const address = asked.dataset.aids;
    let timer = 0;
    let latest = 0;

    const region = (name) => form.querySelector(`[data-aid="${name}"]`);

    function texts() {
      const body = new FormData();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && /^(csrf_token|(title|standfirst|body)_(da|en)|\w+_ids)$/.test(name)) {
          body.append(name, value);
        }
      }
      return body;
    }

    async function ask() {
      const mine = ++latest;
      const answer = await fetch(address, { method: "POST", body: texts() });
      if (!answer.ok || answer.redirected || mine !== latest) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const fresh of page.querySelectorAll("[data-aid]")) {
        const old = region(fresh.dataset.aid);
        const focused = old?.contains(document.activeElement) && document.activeElement;
        old?.replaceWith(fresh);
        if (focused) [...fresh.querySelectorAll("button")].find((one) => isSame(one, focused))?.focus();
      }
      attach();
    }

    const isSame = (one, other) => one.name === other.name && one.value === other.value;

    // A button of the form's own would save it; here it only picks.
    function attach() {
      for (const button of form.querySelectorAll("[data-aid] button[type=submit]")) button.type = "button";
    }

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(() => ask().catch(() => {}), WAIT);
    }

    // One key a suggestion: the focus goes on to the next one, at the end to the field itself.
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-aid] button");
      if (!button) return;
      const item = button.closest("li");
      const next = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("button");
      const picker = form.querySelector(`[data-picker="${button.name}"]`);
      picker.dispatchEvent(new CustomEvent("picker:add", { detail: { id: button.value, title: button.dataset.title } }));
      item.remove();
      (next ?? picker.querySelector("[data-suggest]")).focus();
    });
    form.addEventListener("input", soon);
    form.addEventListener("picker:changed", soon);
    attach();
  }
})();
