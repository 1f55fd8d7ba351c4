// The search of persons: a list of proposals under the field, driven by the keyboard. Without this
// file the form is sent and answers a page.
"use strict";

(() => {
  const LETTERS = 2;

  for (const form of document.querySelectorAll("[data-suggest]")) {
    const field = form.querySelector("[data-suggest-field]");
    const box = form.querySelector("[data-suggestions]");
    const status = form.querySelector("[data-suggest-status]");
    if (field && box) animate(form, field, box, status);
  }

  function animate(form, field, box, status) {
    let current = -1;

    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-expanded", "false");

    const options = () => [...box.querySelectorAll("[role=option]")];
    const isOpen = () => !box.hidden;

    function choose(index) {
      current = index;
      options().forEach((option, n) => option.setAttribute("aria-selected", String(n === index)));
      const chosen = options()[index];
      if (chosen) {
        field.setAttribute("aria-activedescendant", chosen.id);
        chosen.scrollIntoView({ block: "nearest" });
      } else {
        field.removeAttribute("aria-activedescendant");
      }
    }

    function show(open) {
      box.hidden = !open || !box.firstElementChild;
      const list = box.querySelector("[role=listbox]");
      field.setAttribute("aria-expanded", String(isOpen() && Boolean(list)));
      if (list) field.setAttribute("aria-controls", list.id);
      else field.removeAttribute("aria-controls");
      choose(-1);
    }

    function forget() {
      box.replaceChildren();
      status.textContent = "";
      show(false);
    }

    const isShort = () => (field.value.match(/[\p{L}\p{N}]/gu) || []).length < LETTERS;

    // Under two letters nothing is asked, and what was proposed no longer answers the field.
    field.addEventListener("input", () => {
      if (isShort()) forget();
    });
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (isShort()) event.preventDefault();
    });
    form.addEventListener("htmx:afterSwap", () => {
      if (isShort()) return forget();
      show(true);
      status.textContent = box.querySelector("[data-said]")?.dataset.said || "";
    });

    field.addEventListener("keydown", (event) => {
      const count = options().length;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        if (!isOpen()) show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(current < 0 && step < 0 ? count - 1 : (current + step + count) % count);
      } else if (event.key === "Enter" && isOpen() && options()[current]) {
        event.preventDefault();
        options()[current].click();
      } else if (event.key === "Escape" && isOpen()) {
        // The first press closes the list; the next one empties the field, as browsers do.
        event.preventDefault();
        event.stopPropagation();
        show(false);
      }
    });

    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) show(false);
    });
    field.addEventListener("focus", () => {
      if (!isShort()) show(true);
    });
    // Back from a file, the page is as it was left: the list is not.
    window.addEventListener("pageshow", forget);
  }
})();
