// 返回上一页: what was typed there is still there.
export default (Alpine) =>
  Alpine.data("back", () => ({
    available: window.history.length > 1,
    go() {
      window.history.back();
    },
  }));
