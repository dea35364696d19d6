// The page of the alerts, kept up to date while it is open; and keys that judge one.
const ASK_MS = 5000; // where there is no stream
const AGE_MS = 10000;

export function keepUp(list) {
  const sound = document.querySelector("[data-sound]");
  sound.hidden = false;
  const box = sound.querySelector("input");
  box.checked = localStorage.getItem("sound") !== "off";
  box.addEventListener("change", () => localStorage.setItem("sound", box.checked ? "on" : "off"));
  let number = Number(list.dataset.number);

  const stream = new EventSource(`${list.dataset.events}?after=${number}`);
  stream.addEventListener("alerts", (event) => take(Number(event.data)));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setInterval(ask, ASK_MS);
  });
  setInterval(() => growOlder(list), AGE_MS);
  growOlder(list);

  async function ask() {
    try {
      const answer = await fetch(list.dataset.newest);
      if (answer.ok) await take((await answer.json()).newest);
    } catch {
      // the pages are away: asked again soon
    }
  }

  async function take(newest) {
    if (newest <= number) return;
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("alerts");
    if (!fresh) return location.reload(); // signed out, or the reason has run out
    number = newest;
    const held = document.activeElement?.closest("[data-row] .open")?.getAttribute("href");
    list.replaceChildren(...fresh.childNodes);
    if (held) list.querySelector(`[href="${held}"]`)?.focus();
    growOlder(list);
    if (box.checked) beep();
  }
}

export function judgeByKeys(form) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    const wanted = form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.localName === "select") wanted.focus();
    else wanted.click();
  });
}

// What nobody looked at grows older visibly.
function growOlder(list) {
  for (const age of list.querySelectorAll("[data-since]")) {
    const minutes = Math.floor((Date.now() - new Date(age.dataset.since)) / 60000);
    age.closest(".row").classList.toggle("old", minutes >= 5);
    age.closest(".row").classList.toggle("older", minutes >= 15);
    if (minutes >= 1) {
      const words = new Intl.NumberFormat(document.documentElement.lang, {
        style: "unit",
        unit: "minute",
        unitDisplay: "long",
      });
      age.textContent = words.format(minutes);
    }
  }
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.2;
  tone.frequency.value = 880;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
  tone.onended = () => audio.close();
}
