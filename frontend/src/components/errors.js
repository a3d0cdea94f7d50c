// Brings keyboard and screen reader to the list of what is wrong, when the page came back with one.
export default () => document.querySelector("[data-errors]")?.focus();
