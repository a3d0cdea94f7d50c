// A filled form as an entry of the outbox, and how it goes up. The platform takes each entry once, by its id: in any order,
// and again where its answer was lost on the way.
const OURS = /^_outbox/;
const CSRF = "csrfmiddlewaretoken";

const inBase64 = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let place = 0; place < bytes.length; place += 32768) text += String.fromCharCode(...bytes.subarray(place, place + 32768));
  return btoa(text);
};

// Return the entry that a form's data make, undefined where the form is not marked for the outbox.
export const entryOf = async (url, data) => {
  const id = data.get("_outbox");
  if (!id) return undefined;
  const fields = [], files = [];
  for (const [name, value] of data.entries()) {
    if (name === CSRF || OURS.test(name)) continue;
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) files.push({ name, file: value.name, type: value.type, content: await inBase64(value) });
  }
  return {
    id, at: Date.now(), state: "waiting", url, fields, files,
    label: data.get("_outbox_label") || "", shown: JSON.parse(data.get("_outbox_shown") || "[]"), draft: data.get("_outbox_draft") || "",
  };
};

const dataOf = ({ fields, files }) => {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  for (const { name, file, type, content } of files)
    data.append(name, new File([Uint8Array.from(atob(content), (character) => character.charCodeAt(0))], file, { type }));
  return data;
};

const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

// What the platform says of a refused entry: the sentence why, and how the thing stands there now.
const refusal = async (answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wrong = [...page.querySelectorAll("main [data-errors] li")].map(words);
  const sentence = wrong.length ? wrong.join("；") : words(page.querySelector("[data-said]") ?? page.querySelector("main h1"));
  return { state: "refused", sentence, now: words(page.querySelector("[data-outbox-now]")) };
};

// Send one entry; return what became of it. No network, a server in trouble and an ended session leave it waiting.
export const send = async (entry, { owner, token }) => {
  const headers = { "X-Outbox": entry.id, "X-Outbox-Owner": owner, "X-Outbox-Filled": new Date(entry.at).toISOString(), "X-CSRFToken": token };
  let answer;
  try {
    answer = await fetch(entry.url, { method: "POST", body: dataOf(entry), headers, redirect: "manual", credentials: "same-origin" });
  } catch {
    return { state: "waiting", why: "offline" };
  }
  if (answer.headers.get("X-Outbox-Taken")) return { state: "taken", url: (await answer.json()).url };
  if (answer.type === "opaqueredirect" || answer.status === 401) return { state: "waiting", why: "sign_in" };
  if (answer.status >= 500 || answer.status === 429) return { state: "waiting", why: "trouble" };
  return refusal(answer);
};
