// The point that matters in a picture, set by a click or a finger, or moved with the arrow keys; without this script the
// two numbers do the same (components/pictures.html). A file that has just been chosen is shown before it is sent.
(() => {
  for (const box of document.querySelectorAll("[data-focus]")) {
    const frame = box.querySelector(".focus__frame");
    const picture = box.querySelector(".focus__picture");
    const mark = box.querySelector(".focus__mark");
    const said = box.querySelector("[data-focus-said]");
    const [left, top] = box.querySelectorAll(".focus__numbers input");

    const bounded = (value) => Math.min(100, Math.max(0, Math.round(value)));
    const of = (input) => bounded(Number.parseFloat(input.value.replace(",", ".")) || 0);

    function draw() {
      mark.style.left = `${of(left)}%`;
      mark.style.top = `${of(top)}%`;
      said.textContent = `${of(left)} %, ${of(top)} %`;
    }

    function set(x, y) {
      left.value = bounded(x);
      top.value = bounded(y);
      draw();
      left.dispatchEvent(new Event("input", { bubbles: true }));
    }

    picture.addEventListener("click", (event) => {
      const at = picture.getBoundingClientRect();
      set(((event.clientX - at.left) / at.width) * 100, ((event.clientY - at.top) / at.height) * 100);
      mark.focus();
    });
    mark.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 2;
      const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
      if (!x && !y) return;
      event.preventDefault();
      set(of(left) + x * step, of(top) + y * step);
    });
    for (const input of [left, top]) input.addEventListener("input", draw);

    const chooser = document.getElementById(box.dataset.focus || "none");
    chooser?.addEventListener("change", () => {
      const file = chooser.files[0];
      frame.hidden = !file;
      if (!file) return;
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        picture.src = reader.result;
      });
      reader.readAsDataURL(file);
    });
    picture.addEventListener("load", () => {
      picture.width = picture.naturalWidth;
      picture.height = picture.naturalHeight;
    });
    mark.hidden = false;
    draw();
  }
})();
