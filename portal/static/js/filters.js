// Filters that answer at once: a changed check box fetches the list it stands for and swaps it in.
// Whatever goes wrong, the form is sent as it would be without this script.
(() => {
  document.documentElement.classList.add("has-live-filters"); // the button to send them is not needed then
  const parts = () => document.querySelectorAll("[data-live]");
  let latest = 0;

  function address(form) {
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name, value);
    const text = query.toString();
    return form.action.split("?")[0] + (text ? `?${text}` : "");
  }

  async function show(url, { push }) {
    const mine = ++latest;
    parts().forEach((part) => part.classList.add("is-waiting"));
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== latest) return; // a later change has overtaken this one
    if (push) history.pushState({ live: true }, "", url);
    swap(page);
  }

  function swap(page) {
    const focused = document.activeElement?.id;
    const open = [...document.querySelectorAll("[data-live] details[open]")].map((one) => one.querySelector("input")?.id);
    parts().forEach((part) => {
      const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!fresh) return;
      // The status line stays the same element: only then do screen readers announce its new text.
      const status = part.querySelector("[role=status]");
      const said = fresh.querySelector("[role=status]");
      part.replaceChildren(...fresh.childNodes);
      if (status && said) {
        said.replaceWith(status);
        status.replaceChildren(...said.childNodes);
      }
      part.classList.remove("is-waiting");
    });
    for (const id of open) {
      let around = id && document.getElementById(id)?.closest("details");
      for (; around; around = around.parentElement.closest("details")) around.open = true;
    }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live-filters]");
    if (!form || event.target.type !== "checkbox") return;
    show(address(form), { push: true }).catch(() => form.submit());
  });

  addEventListener("popstate", () => {
    if (parts().length) show(location.href, { push: false }).catch(() => location.reload());
  });
})();
