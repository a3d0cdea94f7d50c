// Keeps what is typed in a form until the server has accepted it: through a refused submission, an expired session, a lost network.
// Markup: <form x-data="draft" data-draft="NAME">. The server accepts with a message tagged NAME (data-accepts), "*" forgets all drafts.
// Text lives in this tab only (sessionStorage), so that two tabs cannot overwrite each other, and dies with it.
const PREFIX = "draft:";
const KEPT = "input, textarea, select";
const NEVER = new Set(["password", "file", "hidden", "submit", "button"]);

// A form's fields by name, as what is in them now and what the server put there.
const state = (form) => {
  const found = {};
  for (const field of form.querySelectorAll(KEPT)) {
    if (!field.name || NEVER.has(field.type) || "draftNever" in field.dataset) continue;
    const held = (found[field.name] ??= { now: [], served: [], fields: [] });
    held.fields.push(field);
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) held.now.push(field.value);
      if (field.defaultChecked) held.served.push(field.value);
    } else if (field.tagName === "SELECT") {
      for (const option of field.options) {
        if (option.selected) held.now.push(option.value);
        if (option.defaultSelected) held.served.push(option.value);
      }
      if (!held.served.length && !field.multiple && field.options.length) held.served.push(field.options[0].value);
    } else {
      held.now.push(field.value);
      held.served.push(field.defaultValue);
    }
  }
  return found;
};
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const put = (field, values, place) => {
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.tagName === "SELECT") for (const option of field.options) option.selected = values.includes(option.value);
  else field.value = values[place] ?? "";
};

export const forget = (name) => {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX) && (name === "*" || key === PREFIX + name)) sessionStorage.removeItem(key);
};

const accept = () => {
  for (const note of document.querySelectorAll("[data-accepts]")) for (const name of note.dataset.accepts.split(" ")) forget(name);
};

// Only what differs from what the server served is kept, together with that: a text that was changed meanwhile is not overwritten.
const save = (form, key) => {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const [name, { now, served }] of Object.entries(state(form))) {
    if (!same(now, served)) kept[name] = { now, served };
    else if (kept[name] && same(kept[name].served, served)) delete kept[name];
  }
  sessionStorage.setItem(key, JSON.stringify(kept));
};

const restore = (form, key) => {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const [name, { now, served, fields }] of Object.entries(state(form)))
    if (kept[name] && same(now, served) && same(kept[name].served, served)) fields.forEach((field, place) => put(field, kept[name].now, place));
};

export default (Alpine) => {
  accept();
  document.addEventListener("htmx:afterSwap", accept);
  Alpine.data("draft", () => ({
    init() {
      const form = this.$root;
      const key = PREFIX + form.dataset.draft;
      restore(form, key);
      form.addEventListener("input", () => save(form, key));
      form.addEventListener("change", () => save(form, key));
      form.addEventListener("submit", () => save(form, key));
    },
  }));
};
