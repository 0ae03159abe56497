// Sifting by keyboard (staff/entries/index.html): keys act on the story that has the focus, and what is decided leaves
// the list without the page being loaded again. Without this the same buttons load the page each time.
(() => {
  const list = document.querySelector("[data-sift]");
  if (!list) return;
  const status = document.getElementById("sift-status");
  let last = null;
  let left = Number(status.dataset.left);

  const stories = () => [...list.querySelectorAll(".sift__story")];
  const here = () => document.activeElement?.closest?.(".sift__story") ?? null;
  const title = (story) => story.querySelector("h2").textContent.trim();
  const say = (text) => { status.textContent = text; };

  function focus(story) {
    if (!story) return;
    story.focus({ preventScroll: true });
    story.scrollIntoView({ block: "nearest" });
  }

  function step(from, by) {
    const all = stories();
    focus(all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)]);
  }

  function leave(story) {
    const all = stories();
    const next = all[all.indexOf(story) + 1] ?? all[all.indexOf(story) - 1];
    const item = story.closest(".sift__item");
    const place = { item, before: item.nextElementSibling };
    item.remove();
    left -= 1;
    if (next) focus(next);
    else if (left > 0) location.reload();
    else status.focus();
    return place;
  }

  async function send(form, button) {
    const body = new FormData(form, button);
    body.set("quick", "1");
    const address = button.getAttribute("formaction") ?? form.getAttribute("action");
    try {
      return await fetch(address, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    } catch {
      return null;
    }
  }

  async function act(story, button) {
    const form = button.closest("form");
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const answer = await send(form, button);
    delete form.dataset.busy;
    if (answer?.status === 422) {
      location.assign(story.querySelector("[data-closer]").href);
      return;
    }
    const done = answer && (answer.type === "opaqueredirect" || answer.ok);
    if (!done && answer?.status !== 409) {
      say(list.dataset.saidFailed);
      return;
    }
    const name = title(story);
    const said = !done ? "saidLate" : button.dataset.back ? "saidPass" : button.value === "notice" ? "saidNotice" : "saidDraft";
    const place = leave(story);
    last = done && button.dataset.back ? { ...place, address: button.dataset.back, form, name } : null;
    say(`${list.dataset[said]} ${name}`);
  }

  async function back() {
    if (!last) return;
    const one = last;
    last = null;
    const body = new FormData(one.form);
    body.set("quick", "1");
    const answer = await fetch(one.address, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (answer.type !== "opaqueredirect" && !answer.ok) {
      say(list.dataset.saidFailed);
      return;
    }
    list.insertBefore(one.item, one.before?.parentNode === list ? one.before : null);
    // The same key would count as the same click: passing it over once more has to be another one.
    for (const field of list.querySelectorAll('input[name="once"]')) field.value = crypto.randomUUID();
    left += 1;
    focus(one.item.querySelector(".sift__story"));
    say(`${list.dataset.saidBack} ${one.name}`);
  }

  list.addEventListener("submit", (event) => {
    const story = event.target.closest(".sift__story");
    if (!story || !event.submitter) return;
    event.preventDefault();
    act(story, event.submitter);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const story = here();
    if (!story) return;
    const boxes = story.querySelectorAll(".sift__names input");
    if (event.key === "j") step(story, 1);
    else if (event.key === "k") step(story, -1);
    else if (event.key === "z") back();
    else if (/^[1-9]$/.test(event.key) && boxes[event.key - 1]) boxes[event.key - 1].click();
    else {
      const button = story.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!button) return;
      if (button.tagName === "A") location.assign(button.href);
      else act(story, button);
    }
    event.preventDefault();
  });

  status.tabIndex = -1;
  focus(stories()[0]);
})();
