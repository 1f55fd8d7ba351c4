// An enrolled device: its code also opens what the phone keeps; the rolls of these days are fetched
// before the network is missed; the page without network asks for the code and lists them.
"use strict";

(() => {
  const { store, vault } = self.offline;
  const find = (selector, root = document) => root.querySelector(selector);
  const isAble = "serviceWorker" in navigator && "indexedDB" in self && Boolean(crypto.subtle);
  const isCopy = Boolean(find('meta[name="autoprod-copy"]'));

  // --- the code, typed where the server judges it ---------------------------------------------------
  const form = find("form[data-device-enrol], form[data-device-unlock]");
  if (form && isAble) {
    const prepared = new WeakSet();
    // Back on this page: what was typed before was not the code.
    const ready = vault.forget().catch(() => null);
    document.addEventListener("submit", async (event) => {
      if (event.target !== form || prepared.has(form)) return;
      const code = find('[name="code"]', form)?.value.replace(/\s/g, "") || "";
      if (!/^\d{6}$/.test(code)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      prepared.add(form);
      await ready;
      // Whatever happens here, the server is asked: ticking with the network needs none of this.
      await vault.stage(code).catch(() => null);
      form.requestSubmit(event.submitter);
    }, true);
    window.addEventListener("pageshow", () => prepared.delete(form));
  }

  // --- the rolls of these days ----------------------------------------------------------------------
  async function keep(paths) {
    const worker = await navigator.serviceWorker.ready;
    const now = location.pathname;
    worker.active.postMessage({ keep: [...new Set([now, ...paths])], now });
  }

  async function prepare(paths) {
    await vault.adopt();
    await vault.touch();
    document.dispatchEvent(new CustomEvent("offline:ready"));
    await navigator.serviceWorker.register("/service-worker.js");
    await keep(paths);
    // Otherwise a phone short of room may throw away what waits to be sent.
    navigator.storage?.persist?.();
  }

  const listed = find("[data-offline-rolls]");
  if (listed && isAble && !isCopy) {
    prepare(listed.dataset.offlineRolls.split(" ").filter(Boolean)).catch(() => null);
  }

  // --- closing a session while taps wait here ---------------------------------------------------------
  async function warn(place) {
    const taps = await store.all("taps");
    const own = taps.filter((tap) => tap.session === place.dataset.offlineClose);
    place.hidden = own.length === 0;
    find("[data-offline-count]", place).textContent =
      own.length > 1 ? `${own.length} appuis` : "1 appui";
  }

  const closing = find("[data-offline-close]");
  if (closing && isAble) warn(closing).catch(() => null);

  // --- the page without network -----------------------------------------------------------------------
  const page = find("[data-offline-page]");

  function show(name) {
    for (const part of page.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
  }

  function link({ path, label }) {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = path;
    anchor.className = "btn btn-outline-primary";
    anchor.textContent = label;
    item.append(anchor);
    return item;
  }

  async function draw() {
    const waiting = (await store.all("taps")).length;
    const told = find("[data-waiting]", page);
    told.hidden = waiting === 0;
    find("strong", told).textContent = waiting > 1 ? `${waiting} appuis` : "1 appui";
    if (!await vault.has()) return show("empty");
    if (!await vault.open()) return show("locked");
    const rolls = await vault.rolls();
    find("[data-rolls]", page).replaceChildren(...rolls.map(link));
    return show(rolls.length ? "rolls" : "empty");
  }

  async function typed(event) {
    event.preventDefault();
    const field = find("#code", page);
    const fault = find("#code-fault", page);
    const button = find("button", event.target);
    const words = button.textContent;
    button.disabled = true;
    button.textContent = "Un instant…";
    const { opened, left } = await vault.attempt(field.value.replace(/\s/g, ""));
    button.disabled = false;
    button.textContent = words;
    if (opened) {
      if (location.pathname === page.dataset.offlinePage) await draw();
      else location.reload();
      return;
    }
    field.value = "";
    field.setAttribute("aria-invalid", "true");
    fault.hidden = false;
    fault.textContent = left
      ? `Ce n’est pas le bon code. Il vous reste ${left > 1 ? `${left} essais` : "1 essai"}.`
      : "Trop de codes refusés : les feuilles gardées ici ont été effacées. Ce que vous avez pointé "
        + "reste, et partira quand vous vous reconnecterez avec le réseau.";
    if (left) field.focus();
    else {
      for (const part of [field, button, find("label", page)]) part.hidden = true;
    }
  }

  if (page && !isAble) show("empty");
  else if (page) {
    find("[data-code]", page).addEventListener("submit", typed);
    for (const button of page.querySelectorAll("[data-again]")) {
      button.addEventListener("click", () => location.reload());
    }
    draw().catch(() => show("empty"));
  }
})();
