// The roll's counters and its « enregistré » follow each tap.
"use strict";

(() => {
  function count() {
    const totals = new Map();
    for (const state of document.querySelectorAll(".roll-state[data-status]")) {
      const { status } = state.dataset;
      totals.set(status, (totals.get(status) || 0) + 1);
    }
    for (const item of document.querySelectorAll("[data-counts] > [data-count]")) {
      const total = totals.get(item.dataset.count) || 0;
      const word = item.querySelector("[data-one]");
      item.querySelector("strong").textContent = total;
      word.textContent = total > 1 ? word.dataset.many : word.dataset.one;
      item.hidden = total === 0 && !["", "present"].includes(item.dataset.count);
    }
  }

  function tell(saved) {
    for (const tag of document.querySelectorAll("[data-saved-tag]")) {
      const words = tag.querySelector("[data-saved-words]");
      if (words) words.textContent = saved;
      tag.hidden = false;
    }
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const state = event.detail.elt.closest?.(".roll-state[data-saved]");
    count();
    if (state) tell(state.dataset.saved);
  });

  // Rows drawn without htmx: taps that wait for the network, answers to them.
  document.addEventListener("roll:changed", (event) => {
    count();
    if (event.detail.saved) tell(event.detail.saved);
  });
})();
