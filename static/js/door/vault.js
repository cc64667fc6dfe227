// Where the phone keeps things beyond a reload: IndexedDB, or memory where the browser refuses to store.
// write() is done only when the whole transaction is on the disk.

const NAME = "eventmgr-door";
const STORES = ["keys", "notes", "list", "queue"];
const PATIENCE = 4000; // a database that does not answer is one that refuses

export async function openVault() {
  try {
    const database = await within(open());
    const vault = diskVault(database);
    await vault.write([["put", "notes", "opened", Date.now()]]);
    globalThis.navigator.storage?.persist?.().catch(() => {});
    return vault;
  } catch (error) {
    console.warn("nothing can be kept on this phone", error);
    return memoryVault();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => STORES.forEach((store) => request.result.createObjectStore(store));
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function diskVault(database) {
  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  return {
    keeps: true,
    get: (store, key) => within(asked(database.transaction(store).objectStore(store).get(key))),
    async all(store) {
      const table = database.transaction(store).objectStore(store);
      const [keys, values] = await within(Promise.all([asked(table.getAllKeys()), asked(table.getAll())]));
      return keys.map((key, place) => [key, values[place]]);
    },
    // steps: ["put", store, key, value] | ["delete", store, key] | ["clear", store]
    write(steps) {
      return within(
        new Promise((resolve, reject) => {
          const stores = [...new Set(steps.map((step) => step[1]))];
          const change = database.transaction(stores, "readwrite", { durability: "strict" });
          change.oncomplete = () => resolve();
          change.onerror = change.onabort = () => reject(change.error ?? new Error("aborted"));
          for (const [what, store, key, value] of steps) {
            const table = change.objectStore(store);
            if (what === "put") table.put(value, key);
            else if (what === "delete") table.delete(key);
            else table.clear();
          }
        }),
      );
    },
  };
}

export function memoryVault() {
  const stores = new Map(STORES.map((store) => [store, new Map()]));
  return {
    keeps: false,
    get: async (store, key) => stores.get(store).get(key),
    all: async (store) => [...stores.get(store)].sort(([one], [other]) => (one < other ? -1 : 1)),
    async write(steps) {
      for (const [what, store, key, value] of steps) {
        if (what === "put") stores.get(store).set(key, value);
        else if (what === "delete") stores.get(store).delete(key);
        else stores.get(store).clear();
      }
    },
  };
}

function within(work) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the storage does not answer")), PATIENCE);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
