// Shows a text in Markdown as its readers will see it, while it is being written. The server renders it; without this
// script the button "Preview" does the same.
(() => {
  const WAIT = 400;

  for (const box of document.querySelectorAll("[data-preview]")) {
    const field = document.getElementById(box.dataset.previewOf);
    const target = box.querySelector("[data-preview-text]");
    if (!field || !target) continue;
    let timer = 0;
    let latest = 0;

    async function show() {
      const mine = ++latest;
      const body = new FormData();
      body.set("csrf_token", field.form.elements.csrf_token.value);
      body.set("text", field.value);
      const answer = await fetch(box.dataset.preview, { method: "POST", body });
      if (!answer.ok || answer.redirected || mine !== latest) return; // the button still works
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      target.replaceChildren(...page.body.childNodes);
      box.hidden = !field.value.trim();
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => show().catch(() => {}), WAIT);
    });
    box.hidden = !field.value.trim();
  }
  for (const button of document.querySelectorAll("[data-preview-button]")) button.remove();
})();
