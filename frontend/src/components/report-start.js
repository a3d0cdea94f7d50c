// Words that were kept from before the page was opened again are read for topics like freshly typed ones.
export default (Alpine) =>
  Alpine.data("reportStart", () => ({
    init() {
      window.addEventListener("load", () => {
        const words = this.$root.querySelector("textarea[name=words]");
        if (words.value !== words.defaultValue) document.body.dispatchEvent(new Event("load-words"));
      });
    },
  }));
