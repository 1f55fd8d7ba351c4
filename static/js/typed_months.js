// A month's sheet typed by keyboard alone: arrows and Enter go from cell to cell, over those that
// are only read.
"use strict";

(() => {
  const form = document.querySelector("form[data-typed-month]");
  if (!form) return;
  const body = form.querySelector(".typed-grid tbody");
  // Lines of faults have no cell to go to.
  const rows = [...body.rows].filter((row) => row.querySelector("input"));

  function near(cell, down, right) {
    let row = rows.indexOf(cell.parentElement) + down;
    let column = cell.cellIndex + right;
    for (; rows[row]?.cells[column]; row += down, column += right) {
      const field = rows[row].cells[column].querySelector("input");
      if (field) return field;
    }
    return null;
  }

  // In a field where something is being corrected, the arrows move the caret first.
  function isAtEdge(field, right) {
    const { selectionStart: start, selectionEnd: end, value } = field;
    if (start === 0 && end === value.length) return true;
    return start === end && (right > 0 ? end === value.length : start === 0);
  }

  const MOVES = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  form.addEventListener("keydown", (event) => {
    const field = event.target.closest(".typed-grid input");
    const move = MOVES[event.key];
    if (!field || !move || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const [down, right] = event.shiftKey && event.key === "Enter" ? [-1, 0] : move;
    // In a list of names, the arrows choose.
    if (field.hasAttribute("list") && event.key !== "Enter") return;
    if (right && !isAtEdge(field, right)) return;
    event.preventDefault();
    const isName = field.hasAttribute("list");
    const wanted = isName ? near(field.parentElement, 0, 1) : near(field.parentElement, down, right);
    if (wanted) wanted.focus();
    else if (event.key === "Enter") form.querySelector('[type="submit"]')?.focus();
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches(".typed-grid td input")) event.target.select();
  });
  // The first cell to type, or to look at again, is brought in sight beside the names.
  const wrong = body.querySelector('[aria-invalid="true"]');
  const first = wrong || body.querySelector("td input");
  if (first) {
    const frame = form.querySelector(".typed-frame");
    const names = body.rows[0].cells[0].offsetWidth;
    frame.scrollLeft = first.parentElement.offsetLeft - names - 4;
    first.focus({ preventScroll: !wrong });
  }
})();
