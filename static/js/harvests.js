// Weighing on the spot: a keypad under the thumb, the crate taken off, the rest of a split told live.
"use strict";

(() => {
  const form = document.querySelector("form[data-weigh]");
  if (!form) return;
  const find = (selector) => form.querySelector(selector);
  const weight = find("[data-weight]");
  const variety = find("[data-variety]");
  const MOST = 8;

  // « 12,4 » in grams, null for what is no number: whole grams add up without error.
  function grams(text) {
    const tidy = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    return /^\d+(\.\d{0,3})?$/.test(tidy) ? Math.round(Number(tidy) * 1000) : null;
  }

  function told(count) {
    const sign = count < 0 ? "\u2212" : "";
    return `${sign}${(Math.abs(count) / 1000).toLocaleString("fr-FR", { maximumFractionDigits: 3 })}\u00a0kg`;
  }

  const product = () => find('input[name="product"]:checked');
  const isPieces = () => find('input[name="measure"]:checked')?.value === "pieces";
  const tare = () => (isPieces() ? 0 : grams(form.elements.tare.value) || 0);

  // What is left once the crate is off, or what so many pieces weigh; null while it is unknown.
  function net() {
    const typed = grams(weight.value);
    if (typed === null) return null;
    if (!isPieces()) return typed - tare();
    const piece = grams(product()?.dataset.piece || "");
    return piece === null ? null : Math.round(typed / 1000) * piece;
  }

  function sayNet() {
    const [line, whole] = [find("[data-net]"), net()];
    find("[data-unit]").textContent = isPieces() ? "pièces" : "kg";
    find("[data-tare-said]").firstChild.textContent =
      tare() ? `tare déduite\u00a0: ${told(tare())}` : "sans tare";
    find(".weigh-tare").hidden = isPieces();
    if (isPieces() && product() && !product().dataset.piece) {
      line.textContent = "Une pièce de ce produit n’a pas de poids connu\u00a0: pesez-le.";
    } else if (whole === null) line.textContent = "";
    else if (isPieces()) line.textContent = `soit environ ${told(whole)}, poids estimé`;
    else if (tare()) line.textContent = whole > 0 ? `reste ${told(whole)}` : "la tare est plus lourde";
    else line.textContent = "";
  }

  function sayRest() {
    const [line, whole] = [find("[data-rest]"), net()];
    const shared = weights().reduce((sum, part) => sum + part, 0);
    const rest = whole === null ? null : whole - shared;
    line.classList.toggle("is-over", rest !== null && rest < 0);
    if (rest === null) line.textContent = "";
    else if (rest < 0) line.textContent = `${told(-rest)} de trop`;
    else line.textContent = rest ? `Reste ${told(rest)} au stock` : "Tout est réparti, reste 0\u00a0kg";
  }

  // What the server would refuse, in its words: a phone without network asks nobody else.
  function faultOf() {
    const whole = net();
    if (!product()) return "Choisissez ce que vous pesez.";
    if (whole === null) {
      return isPieces() && !product().dataset.piece
        ? "Une pièce de ce produit n’a pas de poids connu\u00a0: pesez-le en kilogrammes."
        : "Écrivez ce que dit la balance.";
    }
    if (whole <= 0) return "Vérifiez le poids et la tare.";
    const where = find('input[name="destination"]:checked')?.value;
    if (!where) return "Dites où elle va, ou «\u00a0au stock\u00a0».";
    const parts = where === "split" ? weights() : [];
    const shared = parts.reduce((sum, part) => sum + part, 0);
    if (where === "split" && !shared) return "Écrivez au moins une part, ou choisissez une seule destination.";
    if (shared > whole) return `Vous répartissez ${told(shared)}, il n’y en a que ${told(whole)}.`;
    const isGift = where === "organisation" || (where === "split" && find("#id_part_organisation").value.trim());
    return isGift && !form.elements.organisation.value ? "Choisissez l’association." : "";
  }

  const weights = () => [...form.querySelectorAll("[data-part]")].map((field) => grams(field.value) || 0);

  function say() {
    sayNet();
    sayRest();
    form.dataset.fault = faultOf();
  }

  // --- the product ------------------------------------------------------------------------------
  const groups = [...variety.querySelectorAll("optgroup")];

  // Only the varieties of what is weighed; nothing to choose, nothing shown.
  function offerVarieties() {
    const species = product()?.dataset.species;
    const own = groups.filter((group) => species && group.dataset.species === species);
    if (!own.some((group) => group.contains(variety.selectedOptions[0]))) variety.value = "";
    for (const group of groups) group.remove();
    variety.append(...own);
    variety.hidden = own.length === 0;
  }

  function showProduct() {
    if (!product()) return;
    find("[data-product-name]").textContent = product().dataset.name;
    find("[data-product]").open = false;
  }

  const search = find("[data-product-search]");
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("œ", "oe").toLowerCase();

  function narrow() {
    const wanted = plain(search.value.trim());
    let seen = 0;
    for (const box of find("[data-others]").querySelectorAll(".form-check")) {
      box.hidden = !plain(box.querySelector("input").dataset.name).includes(wanted);
      seen += box.hidden ? 0 : 1;
    }
    find("[data-none-found]").hidden = seen > 0;
  }

  // --- the keypad ---------------------------------------------------------------------------------
  function press(key) {
    const said = weight.value;
    if (key === "back") weight.value = said.slice(0, -1);
    else if (key === "," && (said.includes(",") || said.includes(".") || isPieces())) return;
    else if (said.length < MOST) weight.value = key === "," && !said ? "0," : said + key;
    say();
  }

  find("[data-keypad]").hidden = false;
  find("[data-search-box]").hidden = false;
  // The keypad of the page is the keyboard of a phone.
  if (matchMedia("(pointer: coarse)").matches) weight.inputMode = "none";

  find("[data-keypad]").addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) press(key.dataset.key);
  });
  search.addEventListener("input", narrow);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = find("[data-others] .form-check:not([hidden]) input");
    if (first) first.click();
  });
  form.addEventListener("input", say);
  form.addEventListener("change", (event) => {
    if (event.target.name === "product") {
      offerVarieties();
      showProduct();
      if (!matchMedia("(pointer: coarse)").matches) weight.focus();
    }
    if (event.target.name === "site") {
      const place = document.querySelector("[data-place]");
      place.textContent = [event.target.dataset.name, ...place.textContent.split(" · ").slice(1)].join(" · ");
    }
    say();
  });
  document.addEventListener("weigh:again", () => {
    offerVarieties();
    say();
  });

  offerVarieties();
  say();
})();
