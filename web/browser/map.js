// The route's page: map, timeline and slider are one thing.
import { drawMap } from "./drawing.js";
import { alongRoute } from "./playing.js";

const trail = JSON.parse(document.getElementById("trail").textContent);
const place = document.getElementById("map");
const items = {
  stop: [...document.querySelectorAll("[data-stop]")],
  leg: [...document.querySelectorAll("[data-leg]")],
};

let map = null;
try {
  map = drawMap(place, trail, light);
} catch (error) {
  console.warn("no map:", error);
  place.classList.add("missing");
  document.getElementById("map-missing").hidden = false;
}

// Lights a stop or a leg in the list and on the map; null puts the light out.
function light(kind, index, scroll = false) {
  for (const [name, list] of Object.entries(items)) {
    list.forEach((item, i) => item.classList.toggle("is-lit", name === kind && i === index));
  }
  if (scroll && kind) items[kind][index]?.scrollIntoView({ block: "nearest" });
  map?.light(kind, index);
}

for (const [kind, list] of Object.entries(items)) {
  list.forEach((item, index) => {
    item.addEventListener("pointerenter", () => light(kind, index));
    item.addEventListener("pointerleave", () => light(null));
    item.addEventListener("focusin", () => light(kind, index));
  });
}

if (trail.stops.length > 1) {
  const player = document.querySelector(".player");
  const slider = document.getElementById("slider");
  const moment = document.getElementById("moment");
  player.hidden = false;
  slider.addEventListener("input", () => {
    const here = alongRoute(trail, Number(slider.value) / 100);
    light(here.kind, here.index, true);
    map?.stand(here.place, here.isSeen);
    moment.textContent = here.isSeen ? here.clock : `${here.clock} (${place.dataset.inferred})`;
  });
}
