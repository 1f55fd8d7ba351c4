// A signature drawn in a frame, of the finger or with the mouse: the lines of points go in a hidden
// field, in the units of the frame.
"use strict";

(() => {
  const pad = document.querySelector("[data-signature]");
  if (!pad) return;
  const canvas = pad.querySelector("canvas");
  const field = pad.closest("form").elements.strokes;
  const pen = canvas.getContext("2d");
  // Nearer than this, a point says nothing more; a field has room for so many characters.
  const NEAR = 4;
  const LONGEST = 39000;
  const strokes = read(field.value);
  let stroke = null;

  function read(text) {
    return text.split(";").filter(Boolean).map((line) => line.split(" ").map((point) => point.split(",").map(Number)));
  }

  function draw() {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#1b2a22" });
    strokes.forEach((line) => {
      pen.beginPath();
      line.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (line.length === 1) pen.lineTo(line[0][0] + 1, line[0][1]);
      pen.stroke();
    });
  }

  function where(event) {
    const box = canvas.getBoundingClientRect();
    const inside = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
    return [
      inside(((event.clientX - box.left) / box.width) * canvas.width, canvas.width),
      inside(((event.clientY - box.top) / box.height) * canvas.height, canvas.height),
    ];
  }

  function keep() {
    field.value = strokes.map((line) => line.map((point) => point.join(",")).join(" ")).join(";");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (field.value.length > LONGEST) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = [where(event)];
    strokes.push(stroke);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const [x, y] = where(event);
    const [lastX, lastY] = stroke[stroke.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < NEAR) return;
    stroke.push([x, y]);
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) =>
    canvas.addEventListener(name, () => {
      if (!stroke) return;
      stroke = null;
      keep();
    }),
  );
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    strokes.length = 0;
    draw();
    keep();
  });
  pad.hidden = false;
  draw();
})();
