// Sifting by keyboard (staff/entries/index.html): keys act on the story that has the focus, and what is decided leaves
// the list at once. The portal is told meanwhile; what it does not take comes back.
// Without this the same buttons load the page each time.
(() => {
  const list = document.querySelector("[data-sift]");
  if (!list) return;
  const status = document.getElementById("sift-status");
  let last = null;
  const told = new Set();

  const stories = () => [...list.querySelectorAll(".sift__story")];
  const here = () => document.activeElement?.closest?.(".sift__story") ?? null;
  const title = (story) => story.querySelector("h2").textContent.trim();
  const say = (text) => { status.textContent = text; };
  const count = (by) => { status.dataset.left = Number(status.dataset.left) + by; };

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
    count(-1);
    if (next) focus(next);
    else status.focus();
    return place;
  }

  function comeBack(one) {
    list.insertBefore(one.item, one.before?.parentNode === list ? one.before : null);
    count(1);
    focus(one.item.querySelector(".sift__story"));
  }

  async function post(address, body) {
    body.set("quick", "1");
    try {
      // What was decided arrives even where the reader goes on to another page.
      return await fetch(address, { method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: true });
    } catch {
      return null;
    }
  }

  const isDone = (answer) => Boolean(answer) && (answer.type === "opaqueredirect" || answer.ok);

  function act(story, button) {
    const form = button.closest("form");
    const address = button.getAttribute("formaction") ?? form.getAttribute("action");
    const body = new FormData(form, button);
    const name = title(story);
    const one = { ...leave(story), name, form, back: button.dataset.back };
    last = one.back ? one : null;
    say(`${list.dataset[one.back ? "saidPass" : button.value === "notice" ? "saidNotice" : "saidDraft"]} ${name}`);
    one.taken = tell(one, address, body);
    told.add(one.taken);
    one.taken.finally(() => { told.delete(one.taken); });
    if (!stories().length) goOn();
  }

  async function tell(one, address, body) {
    const answer = await post(address, body);
    if (isDone(answer)) return true;
    if (last === one) last = null;
    if (answer?.status === 409) {
      say(`${list.dataset.saidLate} ${one.name}`);
      return false;
    }
    comeBack(one);
    say(answer?.status === 422 ? `${list.dataset.saidCloser} ${one.name}` : list.dataset.saidFailed);
    return false;
  }

  async function goOn() {
    await Promise.all(told);
    if (!stories().length && Number(status.dataset.left) > 0) location.reload();
  }

  async function back() {
    if (!last) return;
    const one = last;
    last = null;
    if (!await one.taken) return;
    if (!isDone(await post(one.back, new FormData(one.form)))) {
      say(list.dataset.saidFailed);
      return;
    }
    comeBack(one);
    // The same key would count as the same click: passing it over once more has to be another one.
    for (const field of list.querySelectorAll('input[name="once"]')) field.value = crypto.randomUUID();
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
    if (!story) {
      if (event.key === "z") back();
      return;
    }
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
