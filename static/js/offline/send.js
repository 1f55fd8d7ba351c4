// The list of sessions sends what waits too: whoever unlocks the phone may not open a roll at once.
"use strict";

(() => {
  const { queue } = self.offline;
  const place = document.querySelector("[data-offline-send]");
  if (!place || !("indexedDB" in self)) return;

  const { owner, token } = place.dataset;
  const line = place.querySelector("[role=status]");
  const counted = (number) => (number > 1 ? `${number} appuis` : "1 appui");
  let hasSent = false;

  async function tell() {
    const taps = await queue.waiting(owner);
    const clashes = await queue.conflicts(owner);
    const first = taps[0] || clashes[0];
    let words = hasSent ? "Tout est enregistré." : "";
    if (clashes.length) words = `${counted(clashes.length)} à revoir. `;
    if (taps.length) words = `${counted(taps.length)} à envoyer. `;
    line.textContent = words;
    if (first) {
      const link = document.createElement("a");
      link.href = queue.pageOf(first);
      link.textContent = first.session ? "Ouvrir la feuille" : "Ouvrir la pesée";
      line.append(link);
    }
    line.className = `offline-line ${first ? "is-down" : "is-done"}`;
    return taps.length;
  }

  // A token that is refused is renewed by the page of a roll, one tap further.
  const sender = {
    token: () => token,
    renew: async () => false,
    shown() {},
    async settled() {
      hasSent = true;
      await tell();
    },
  };

  async function start() {
    if (await tell()) await queue.flush(owner, sender);
    await tell();
  }

  window.addEventListener("online", start);
  start().catch(() => null);
})();
