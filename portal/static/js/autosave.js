// Keeps what is being written in `form[data-autosave]` every 20 seconds while it has changed, and when the page is
// left: not passwords, not files. Whoever comes back is offered it (core/kept.py). Sending the form ends it.
(() => {
  const EVERY = 20_000;
  // What a browser sends for a page that is being left; a longer text goes as long as the page stays.
  const MOST_WHEN_LEAVING = 60_000;
  const SECRET = /password|code|token|^once$/;

  function attach(form) {
    const status = document.createElement("p");
    status.className = "autosave";
    status.setAttribute("role", "status");
    form.append(status);

    let asking = null;
    let isSent = false;

    function written() {
      const fields = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && !SECRET.test(name)) fields.append(name, value);
      }
      return fields.toString();
    }

    let last = written();

    async function save({ keepalive = false } = {}) {
      const fields = written();
      if (isSent || fields === last) return;
      last = fields;
      asking?.abort();
      asking = new AbortController();
      try {
        const body = new URLSearchParams({ path: location.pathname, fields });
        const answer = await fetch(form.dataset.autosave, {
          method: "POST",
          headers: { "X-CSRFToken": form.elements.csrf_token.value },
          body,
          redirect: "manual",
          keepalive: keepalive && body.toString().length < MOST_WHEN_LEAVING,
          signal: asking.signal,
        });
        if (answer.status !== 204) throw new Error(String(answer.status));
        const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        status.textContent = `${form.dataset.autosaveSaid} ${time}`;
      } catch (error) {
        if (error.name === "AbortError") return;
        last = ""; // to be tried again
        status.textContent = form.dataset.autosaveFailed;
      }
    }

    setInterval(save, EVERY);
    addEventListener("pagehide", () => save({ keepalive: true }));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save({ keepalive: true });
    });
    form.addEventListener("submit", () => {
      isSent = true;
      asking?.abort(); // or it might arrive after the form and keep what is saved by then
    });
    // Back from the next page by the browser's history: it may be written in again.
    addEventListener("pageshow", (event) => {
      if (event.persisted) isSent = false;
    });
  }

  document.querySelectorAll("form[data-autosave]").forEach(attach);
})();
