// What a phone keeps while it has no network: filled forms that wait to go up, and the list of what waits for its user.
// Everything lies enciphered in IndexedDB under a key that the platform gives to a signed-in member of staff alone and that
// cannot be read out again. Signing out throws the key away: what was filled stays, readable to nobody until its writer signs in.
const ENTRIES = "entries", KEPT = "kept";
const VERSION = 1;

const asked = (request) => new Promise((done, failed) => ((request.onsuccess = () => done(request.result)), (request.onerror = () => failed(request.error))));

const opened = () => {
  const request = indexedDB.open("qianxian", VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ENTRIES, { keyPath: "id" });
    request.result.createObjectStore(KEPT);
  };
  return asked(request);
};

const within = async (store, mode, deed) => {
  const database = await opened();
  try {
    return await asked(deed(database.transaction(store, mode).objectStore(store)));
  } finally {
    database.close();
  }
};

// The outbox needs a page that the browser trusts (https, or this machine itself); elsewhere forms are sent as ever.
export const usable = () => Boolean(globalThis.isSecureContext && globalThis.indexedDB && globalThis.crypto?.subtle);

export const holder = async () => {
  const held = await within(KEPT, "readonly", (store) => store.get("key"));
  return held && held.until > Date.now() ? held : undefined;
};

export const holdKey = async ({ owner, key, until }) => {
  const bytes = Uint8Array.from(atob(key), (character) => character.charCodeAt(0));
  const sealed = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  await within(KEPT, "readwrite", (store) => store.put({ owner, key: sealed, until }, "key"));
};

// Throw away key and list: what waits to go up stays, enciphered.
export const forget = async () => {
  for (const name of ["key", "carried"]) await within(KEPT, "readwrite", (store) => store.delete(name));
};

const seal = async (holder, content) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, holder.key, new TextEncoder().encode(JSON.stringify(content))) };
};
const open = async (holder, { iv, sealed }) =>
  JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, holder.key, sealed)));

// Put an entry, new or changed: {id, at, state, ...content}. Only id, owner, moment and state lie open.
export const put = async (holder, { id, at, state, ...content }) => {
  const row = { id, at, state, owner: holder.owner, ...(await seal(holder, content)) };
  await within(ENTRIES, "readwrite", (store) => store.put(row));
};

export const remove = (id) => within(ENTRIES, "readwrite", (store) => store.delete(id));

// The entries of this user, the oldest first, opened.
export const entries = async (holder) => {
  const rows = await within(ENTRIES, "readonly", (store) => store.getAll());
  const mine = rows.filter((row) => row.owner === holder.owner).sort((one, other) => one.at - other.at);
  return Promise.all(mine.map(async (row) => ({ id: row.id, at: row.at, state: row.state, ...(await open(holder, row)) })));
};

export const carry = async (holder, list) => {
  const row = { owner: holder.owner, ...(await seal(holder, list)) };
  await within(KEPT, "readwrite", (store) => store.put(row, "carried"));
};
export const carried = async (holder) => {
  const row = await within(KEPT, "readonly", (store) => store.get("carried"));
  return row?.owner === holder.owner ? open(holder, row) : [];
};
