// Draws the plate while it is typed, and says what will be searched.
const PAUSE_MS = 150;

export function showPreview(form) {
  const place = document.getElementById("preview");
  let timer;
  let latest = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  };

  async function ask() {
    const turn = ++latest;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (turn === latest && answer.ok && isOurs) draw(place, await answer.json());
    } catch {
      place.replaceChildren(); // the network is away: the search itself will say so
    }
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  ask();
}

function draw(place, preview) {
  const plates = element("div", "plates");
  for (const { rows, colour } of preview.plates) {
    const plate = element("span", `plate ${colour}`);
    plate.append(...rows.map((row) => element("span", "", row)));
    plates.append(plate);
  }
  const lines = [plates];
  if (preview.also) lines.push(element("p", "", `${place.dataset.or} ${preview.also}`));
  if (preview.sentence) lines.push(element("p", "", preview.sentence));
  if (preview.doubt) lines.push(element("p", "doubt", preview.doubt));
  place.replaceChildren(...lines);
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
