// While the store does not answer: notices when it does, and asks again what was asked.
const PAUSE_MS = 5000;

export function watchStore(notice) {
  const reloads = "reload" in notice.dataset;
  if (reloads) notice.hidden = false;

  async function look() {
    try {
      // without cookies, so that a session which nobody uses ends
      const answer = await fetch(notice.dataset.store, { credentials: "omit" });
      if (answer.ok) return reloads ? location.reload() : notice.remove();
    } catch {
      // the pages are away as well
    }
    setTimeout(look, PAUSE_MS);
  }

  setTimeout(look, PAUSE_MS);
}
