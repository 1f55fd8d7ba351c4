// The scales on an enrolled device: each weighing is noted on the phone first, then sent.
"use strict";

(() => {
  const { queue, vault } = self.offline;
  const place = document.querySelector("[data-offline-weigh]");
  const form = document.querySelector("form[data-weigh]");
  const isAble = "indexedDB" in self && Boolean(crypto.subtle) && "locks" in navigator;
  if (!place || !form || !isAble) return;

  const { owner, today } = place.dataset;
  // Milliseconds between two tries while something waits.
  const AGAIN = 15_000;
  // What the server or the phone writes, not the person.
  const OURS = new Set(["csrfmiddlewaretoken", "client_uuid", "observed_at"]);
  const isCopy = Boolean(document.querySelector('meta[name="autoprod-copy"]'));
  const line = place.querySelector("[data-offline-line]");
  const list = place.querySelector("[data-weigh-list]");
  const saved = document.querySelector("[data-weigh-saved]");
  let network = isCopy || !navigator.onLine ? "down" : "up";
  let hasSent = false;
  let fault = "";

  function made(tag, classes, ...content) {
    const element = document.createElement(tag);
    if (classes) element.className = classes;
    element.append(...content);
    return element;
  }

  function button(words, act) {
    const element = made("button", "btn btn-outline-primary", words);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  // --- the day: a page kept since yesterday weighs today -------------------------------------------
  function localDay() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  function catchUp() {
    if (form.elements.on.value === today) form.elements.on.value = localDay();
  }

  // --- what is told ---------------------------------------------------------------------------------
  const counted = (number) => (number > 1 ? `${number} pesées` : "1 pesée");

  function sentence(waiting, clashes) {
    const wait = waiting ? `${counted(waiting)} à envoyer` : "";
    if (fault) return ["is-down", fault];
    if (network === "down") {
      const kept = wait ? `${wait}. Tout est gardé sur cet appareil.` : "vous pouvez peser.";
      return ["is-down", `Hors réseau · ${kept}`];
    }
    if (network === "trouble" && wait) return ["is-down", `${wait}. Le serveur répond mal\u00a0: nouvel essai bientôt.`];
    if (wait && network !== "locked") return ["", `${wait}…`];
    if (clashes) return ["is-down", `${counted(clashes)} à revoir, ci-dessous.`];
    return hasSent ? ["is-done", "Tout est enregistré."] : ["", ""];
  }

  function tellLocked(waiting) {
    const anchor = made("a", "", waiting ? "Déverrouillez pour envoyer" : "Déverrouillez pour continuer");
    anchor.href = `${place.dataset.unlock}?next=${encodeURIComponent(location.pathname)}`;
    line.className = "offline-line is-down";
    line.replaceChildren(made("strong", "", waiting ? `${counted(waiting)} à envoyer` : "Le réseau est revenu"), anchor);
  }

  function drawList(taps, clashes) {
    list.replaceChildren(
      ...taps.map((tap) => made("li", "weigh-waiting", made("strong", "", tap.words.status), " à envoyer")),
      ...clashes.map((one) => made("li", "weigh-refused", made("strong", "", one.words.status), ` ${one.fault} `,
        button("Corriger", () => again(one)), button("Abandonner", () => drop(one)))),
    );
  }

  const isOurs = (tap) => tap.page === location.pathname;

  async function tell() {
    const taps = await queue.waiting(owner);
    const clashes = (await queue.conflicts(owner)).filter(isOurs);
    const [tone, words] = sentence(taps.length, clashes.length);
    if (network === "locked" && !fault) tellLocked(taps.length);
    else if (line.textContent !== words) {
      line.className = `offline-line ${tone}`;
      line.textContent = words;
    }
    drawList(taps.filter(isOurs), clashes);
    document.documentElement.classList.toggle("is-offline", network === "down");
    return taps.length;
  }

  async function drop(one) {
    await queue.settle(one.key);
    await tell();
  }

  // Puts what was refused back in the form, to be corrected.
  async function again(one) {
    for (const [name, value] of Object.entries(one.fields)) {
      const field = form.elements[name];
      if (!field) continue;
      if (field instanceof RadioNodeList || field.type !== "radio") field.value = value;
      else field.checked = field.value === value;
    }
    document.dispatchEvent(new CustomEvent("weigh:again"));
    form.elements.variety.value = one.fields.variety || "";
    await drop(one);
    form.elements.weight.focus();
  }

  // --- sending ----------------------------------------------------------------------------------------
  let token = form.elements.csrfmiddlewaretoken.value;

  async function renew() {
    const answer = await fetch(location.pathname, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!fresh) return false;
    token = fresh;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
    return true;
  }

  const sender = {
    token: () => token,
    renew,
    shown(tap, row) {
      network = "up";
      fault = "";
      hasSent = row?.dataset.status === "saved";
      if (row && isOurs(tap) && row.matches("[data-weighed]")) saved.replaceChildren(document.importNode(row, true));
    },
    settled: tell,
  };

  let isFlushing = false;
  let hasMore = false;

  async function flush() {
    hasMore = true;
    if (isFlushing) return;
    isFlushing = true;
    while (hasMore) {
      hasMore = false;
      const outcome = await queue.flush(owner, sender);
      if (outcome === "done") await back();
      else if (outcome !== "busy") network = outcome;
    }
    isFlushing = false;
    await tell();
  }

  // Nothing is left to send: is there a network at all, and a session?
  async function back() {
    if (network === "up") return;
    network = await renew().then((isOpen) => (isOpen ? "up" : "locked"), () => "down");
  }

  // --- one weighing -------------------------------------------------------------------------------------
  function wordsOf(fields) {
    const chosen = form.querySelector('input[name="product"]:checked').dataset.name;
    return `${chosen}, ${fields.weight} ${fields.measure === "pieces" ? "pièces" : "kg"}`;
  }

  function ready() {
    for (const field of form.querySelectorAll('[data-part], [name^="count_"]')) field.value = "";
    for (const field of form.querySelectorAll('input[name="product"]')) field.checked = false;
    form.elements.weight.value = "";
    form.elements.variety.value = "";
    form.querySelector("[data-product-name]").textContent = "Que pesez-vous\u00a0?";
    form.querySelector("[data-product]").open = true;
    saved.replaceChildren();
    document.dispatchEvent(new CustomEvent("weigh:again"));
  }

  async function noted() {
    catchUp();
    const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => !OURS.has(name)));
    const uuid = crypto.randomUUID();
    await queue.note({
      uuid,
      owner,
      // No line of a roll: nothing merges with it.
      session: "",
      enrolment: uuid,
      page: location.pathname,
      url: new URL(form.action).pathname,
      fields,
      words: { status: wordsOf(fields) },
      version: 0,
      observed_at: new Date().toISOString(),
    });
    hasSent = false;
    ready();
    vault.touch().catch(() => null);
    await tell();
    flush();
  }

  let goesStraight = false;
  form.addEventListener("submit", (event) => {
    if (goesStraight) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    fault = form.dataset.fault || "";
    if (fault) {
      tell();
      line.scrollIntoView({ block: "nearest" });
      return;
    }
    noted().catch(() => {
      // A phone that refuses to keep anything weighs as any page does.
      goesStraight = true;
      form.requestSubmit();
    });
  }, true);
  form.addEventListener("change", () => {
    if (fault) {
      fault = "";
      tell();
    }
  });

  // --- when -----------------------------------------------------------------------------------------------
  window.addEventListener("online", flush);
  window.addEventListener("offline", () => {
    network = "down";
    tell();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(async () => {
    if (network !== "up" || await tell()) flush();
  }, AGAIN);

  // What a copy says of the last weighing was true when it was kept.
  if (isCopy) saved.replaceChildren();
  catchUp();
  tell().then(flush);
})();
