// Keeps what is typed in a form until the server has accepted it: through a refused submission, an expired session, a lost network.
// Markup: <form x-data="draft" data-draft="NAME">. The server accepts with a message tagged NAME (data-accepts), "*" forgets all drafts.
// Text lives in this tab only (sessionStorage), so that two tabs cannot overwrite each other, and dies with it.
const PREFIX = "draft:";
const KEPT = "input, textarea, select";
const NEVER = new Set(["password", "file", "hidden", "submit", "button"]);

const fields = (form) =>
  [...form.querySelectorAll(KEPT)].filter((field) => field.name && !NEVER.has(field.type) && !("draftNever" in field.dataset));
const isTick = (field) => field.type === "checkbox" || field.type === "radio";
const untouched = (field) => {
  if (isTick(field)) return field.checked === field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].every((option) => option.selected === option.defaultSelected);
  return field.value === field.defaultValue;
};

export const forget = (name) => {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX) && (name === "*" || key === PREFIX + name)) sessionStorage.removeItem(key);
};

const accept = () => {
  for (const note of document.querySelectorAll("[data-accepts]")) for (const name of note.dataset.accepts.split(" ")) forget(name);
};

const save = (form, key) => {
  const typed = {};
  for (const field of fields(form)) {
    if (isTick(field)) (typed[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else typed[field.name] = field.value;
  }
  sessionStorage.setItem(key, JSON.stringify(typed));
};

const restore = (form, key) => {
  const typed = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (!typed) return;
  for (const field of fields(form)) {
    if (!(field.name in typed) || !untouched(field)) continue;
    if (isTick(field)) field.checked = typed[field.name].includes(field.value);
    else if (!field.defaultValue) field.value = typed[field.name];
  }
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
