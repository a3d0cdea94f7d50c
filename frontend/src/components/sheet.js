// Opens the native <dialog> named in data-sheet; the browser keeps the focus inside and gives it back.
export default (Alpine) =>
  Alpine.data("sheet", () => ({
    open() {
      document.getElementById(this.$el.closest("[data-sheet]").dataset.sheet).showModal();
    },
  }));
