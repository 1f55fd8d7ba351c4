// The small base of a phone enrolled for the roll: taps to send, conflicts, sealed copies, the lock.
// Shared by pages and by the service worker: a plain script that adds to `self.offline`.
"use strict";

self.offline = {};

(() => {
  const NAME = "autoprod";
  const STORES = { taps: "uuid", conflicts: "key", copies: "path", rows: "key", vault: "name" };
  let opening = null;

  function base() {
    opening ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) {
          asked.result.createObjectStore(name, { keyPath });
        }
      };
      asked.onsuccess = () => {
        // A browser short of room, or a later version of the page, may close it: it opens again.
        asked.result.onclose = () => { opening = null; };
        asked.result.onversionchange = () => {
          asked.result.close();
          opening = null;
        };
        resolve(asked.result);
      };
      asked.onerror = () => {
        opening = null;
        reject(asked.error);
      };
    });
    return opening;
  }

  // One transaction, answered once it is on the disk: what is told kept survives a dead battery.
  async function within(names, mode, work) {
    const db = await base();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(names, mode, { durability: "strict" });
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error);
      work(transaction, (value) => { result = value; });
    });
  }

  const read = (name, ask) => within([name], "readonly", (transaction, give) => {
    ask(transaction.objectStore(name)).onsuccess = (event) => give(event.target.result);
  });
  const write = (name, act) => within([name], "readwrite", (transaction) => {
    act(transaction.objectStore(name));
  });

  self.offline.store = {
    get: (name, key) => read(name, (rows) => rows.get(key)),
    all: (name) => read(name, (rows) => rows.getAll()),
    put: (name, row) => write(name, (rows) => rows.put(row)),
    remove: (name, key) => write(name, (rows) => rows.delete(key)),
    clear: (names) => within(names, "readwrite", (transaction) => {
      for (const name of names) transaction.objectStore(name).clear();
    }),

    // Reads every row of a store and changes some, in one transaction: two tabs never cross.
    // `decide(rows)` returns {put, remove, give}, the last one being what is answered.
    change: (name, decide) => within([name], "readwrite", (transaction, give) => {
      const rows = transaction.objectStore(name);
      rows.getAll().onsuccess = (event) => {
        const { put = [], remove = [], give: answer } = decide(event.target.result);
        for (const key of remove) rows.delete(key);
        for (const row of put) rows.put(row);
        give(answer);
      };
    }),
  };
})();
