// What somebody should know without being held up. A notice stands above every view until it is read, the newest first;
// a hint is about this very moment and goes with the next verdict.

export function createNotices(at, onTold) {
  let notices = [];
  let hinted = "";

  function tell() {
    const [first] = notices;
    const text = hinted || (first?.text ?? "");
    at("[data-notice]").hidden = !text;
    at("[data-notice-word]").textContent = hinted || notices.length < 2 ? text : `${text} (còn ${notices.length - 1} điều nữa)`;
    at("[data-act=renew]").hidden = Boolean(hinted) || first?.button !== "renew";
    onTold();
  }

  return {
    notice(text, button = null) {
      notices = [{ text, button }, ...notices.filter((one) => one.text !== text)];
      tell();
    },
    hint(text) {
      hinted = text;
      tell();
    },
    read() {
      if (hinted) hinted = "";
      else notices.shift();
      tell();
    },
  };
}
