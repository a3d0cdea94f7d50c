// A message that can be put away.
export default (Alpine) =>
  Alpine.data("notice", () => ({
    close() {
      this.$root.remove();
    },
  }));
