// The picture of who works with whom (progress/collaboration/index.html): whoever has the focus shows its neighbours,
// arrow keys lead to the next sign in that direction, and a second choice opens the page. Without this the signs are
// links, and the table beneath tells the same.
(() => {
  const picture = document.querySelector("[data-web]");
  const panel = document.querySelector("[data-web-panel]");
  if (!picture || !panel) return;
  const near = picture.querySelector("[data-web-near]");
  const words = panel.dataset;
  const nodes = [...picture.querySelectorAll("a")].map((link) => {
    const box = link.firstElementChild.getBBox();
    const ties = link.dataset.near.trim().split(" ").filter(Boolean).map((tie) => tie.split(":").map(Number));
    return { link, ties, x: box.x + box.width / 2, y: box.y + box.height / 2, name: link.textContent.trim() };
  });
  let chosen = null;
  let pressed = null;

  const counted = (one, many, n) => (n === 1 ? one : many.replace("{n}", n));

  function part(tag, text, href) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (href) made.href = href;
    return made;
  }

  function show(node) {
    picture.classList.toggle("has-chosen", Boolean(node));
    for (const one of nodes) one.link.classList.remove("is-chosen", "is-near");
    near.setAttribute("d", node ? node.ties.map(([to]) => `M${node.x} ${node.y}L${nodes[to].x} ${nodes[to].y}`).join("") : "");
    if (!node) return;
    node.link.classList.add("is-chosen");
    for (const [to] of node.ties) nodes[to].link.classList.add("is-near");
  }

  function tell(node) {
    panel.replaceChildren();
    panel.hidden = !node;
    if (!node) return;
    const title = part("h3", "");
    title.append(part("a", node.name, node.link.href.baseVal));
    const { kind, projects } = node.link.dataset;
    const facts = part("p", `${kind || words.place}. ${counted(words.projectsOne, words.projectsMany, Number(projects))}`);
    const list = document.createElement("ul");
    for (const [to, shared] of node.ties) {
      const item = document.createElement("li");
      item.append(part("a", nodes[to].name, nodes[to].link.href.baseVal));
      if (shared > 1) item.append(` (${counted(words.sharedOne, words.sharedMany, shared)})`);
      list.append(item);
    }
    panel.append(title, facts, part("p", `${words.works} ${node.ties.length}:`), list);
  }

  function choose(node) {
    chosen = node;
    show(node);
    tell(node);
    for (const one of nodes) one.link.setAttribute("tabindex", one === (node ?? nodes[0]) ? "0" : "-1");
  }

  // The nearest one in a direction, where what lies aside counts twice.
  function next(from, dx, dy) {
    let best = null;
    let least = Infinity;
    for (const one of nodes) {
      const along = (one.x - from.x) * dx + (one.y - from.y) * dy;
      const aside = Math.abs((one.x - from.x) * dy) + Math.abs((one.y - from.y) * dx);
      if (one !== from && along > 0 && along + 2 * aside < least) {
        best = one;
        least = along + 2 * aside;
      }
    }
    return best;
  }

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  for (const node of nodes) {
    node.link.addEventListener("focus", () => choose(node));
    node.link.addEventListener("pointerenter", () => show(node));
    node.link.addEventListener("pointerleave", () => show(chosen));
    // A press gives the focus: whether it was chosen before has to be seen first.
    node.link.addEventListener("pointerdown", () => { pressed = chosen; });
    node.link.addEventListener("click", (event) => {
      if (event.detail > 0 && pressed !== node && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        choose(node);
      }
    });
    node.link.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (step) {
        event.preventDefault();
        next(node, ...step)?.link.focus();
      } else if (event.key === "Escape") {
        choose(null);
      }
    });
  }
  document.querySelector("[data-web-help]").hidden = false;
  const first = nodes[Number(picture.dataset.first)];
  choose("chosen" in picture.dataset ? first : null);
  // On a narrow screen the picture is wider than its frame: what was asked for shall be in sight.
  const frame = picture.parentElement;
  if (chosen) frame.scrollLeft = (chosen.x / picture.viewBox.baseVal.width) * picture.clientWidth - frame.clientWidth / 2;
})();
