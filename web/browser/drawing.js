// Draws a route on our own roads: stops where the plate was read as numbered solid dots, those
// where it was read otherwise as hollow ones, inferred ways dashed.
import { AttributionControl, Map, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";

const MARGIN = 0.02; // degrees around the route in which roads are drawn
const FONT = ["sans-serif"]; // drawn in the browser: no font is fetched
const NOTICE = '© <a href="https://www.openstreetmap.org/copyright" rel="noreferrer">OpenStreetMap</a>';
const PALETTES = {
  light: { ground: "#eceeeb", road: "#ffffff", edge: "#aab1b8", name: "#4b545d", camera: "#6b7580", way: "#0b5cad", text: "#ffffff", lit: "#e8590c" },
  dark: { ground: "#12171c", road: "#3b4650", edge: "#232b32", name: "#b9c3cc", camera: "#8d99a5", way: "#7db8f5", text: "#0b1722", lit: "#ffa94d" },
};

export function drawMap(place, trail, onLight) {
  const stops = trail.stops.flatMap(({ place: point, read }, index) =>
    point ? [feature("Point", point, { index, read, number: String(index + 1) })] : [],
  );
  if (!stops.length) throw new Error("no camera of this route has a place");
  setWorkerUrl(new URL(place.dataset.worker, location.href).href);
  const ways = trail.legs.flatMap(({ lines }, index) =>
    lines.map(({ points, probability }) => feature("LineString", points, { index, probability })),
  );
  ways.reverse(); // of each leg the likeliest on top
  const bounds = around([...stops.map((f) => [f.geometry.coordinates]), ...ways.map((f) => f.geometry.coordinates)].flat());
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const colours = isDark ? PALETTES.dark : PALETTES.light;
  const map = new Map({
    container: place,
    bounds,
    fitBoundsOptions: { padding: 60, maxZoom: 16 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    style: styleOf(place, colours, bounds, stops, ways),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new AttributionControl({ compact: false, customAttribution: NOTICE }));
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl(), "bottom-left");
  map.getCanvas().setAttribute("aria-label", place.dataset.label);
  for (const [layer, kind] of [["stops", "stop"], ["ways", "leg"]]) {
    map.on("mousemove", layer, (event) => onLight(kind, event.features[0].properties.index, true));
    map.on("mouseleave", layer, () => onLight(null));
    map.on("click", layer, (event) => onLight(kind, event.features[0].properties.index, true));
  }
  return {
    light: (kind, index) => whenDrawn(map, () => light(map, kind, index)),
    stand: (point, isSeen) => whenDrawn(map, () => stand(map, point, isSeen)),
  };
}

function styleOf(place, colours, bounds, stops, ways) {
  const roads = new URL(place.dataset.roads, location.href);
  roads.searchParams.set("bounds", bounds.flat().map((v, i) => (v + (i < 2 ? -MARGIN : MARGIN)).toFixed(2)).join(","));
  const cameras = new URL(place.dataset.cameras, location.href);
  const collection = (features) => ({ type: "geojson", data: { type: "FeatureCollection", features } });
  const width = (factor) => ["interpolate", ["exponential", 1.6], ["zoom"], 11, ["*", 0.4 * factor, ["get", "width"]], 17, ["*", 4.5 * factor, ["get", "width"]]];
  const isRound = { "line-cap": "round", "line-join": "round" };
  return {
    version: 8,
    sources: {
      roads: { type: "geojson", data: roads.href },
      cameras: { type: "geojson", data: cameras.href },
      ways: collection(ways),
      stops: collection(stops),
      here: collection([]),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      { id: "edges", type: "line", source: "roads", layout: isRound, paint: { "line-color": colours.edge, "line-width": width(1.35) } },
      { id: "roads", type: "line", source: "roads", layout: isRound, paint: { "line-color": colours.road, "line-width": width(1) } },
      { id: "cameras", type: "circle", source: "cameras", paint: { "circle-radius": 4, "circle-color": colours.ground, "circle-stroke-color": colours.camera, "circle-stroke-width": 2 } },
      { id: "lit-ways", type: "line", source: "ways", filter: ["==", ["get", "index"], -1], layout: isRound, paint: { "line-color": colours.lit, "line-width": 10, "line-opacity": 0.5 } },
      { id: "ways", type: "line", source: "ways", paint: { "line-color": colours.way, "line-width": 4, "line-dasharray": [2, 1.2], "line-opacity": ["interpolate", ["linear"], ["get", "probability"], 0, 0.15, 1, 1] } },
      { id: "road-names", type: "symbol", source: "roads", minzoom: 14, layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 }, paint: { "text-color": colours.name, "text-halo-color": colours.ground, "text-halo-width": 1.5 } },
      { id: "lit-stops", type: "circle", source: "stops", filter: ["==", ["get", "index"], -1], paint: { "circle-radius": 18, "circle-color": colours.lit } },
      { id: "stops", type: "circle", source: "stops", paint: { "circle-radius": 12, "circle-color": ["case", ["get", "read"], colours.way, colours.ground], "circle-stroke-color": ["case", ["get", "read"], colours.text, colours.way], "circle-stroke-width": ["case", ["get", "read"], 1.5, 3] } },
      { id: "numbers", type: "symbol", source: "stops", layout: { "text-field": ["get", "number"], "text-font": FONT, "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": ["case", ["get", "read"], colours.text, colours.name] } },
      { id: "here", type: "circle", source: "here", paint: { "circle-radius": 9, "circle-color": ["case", ["get", "isSeen"], colours.lit, colours.ground], "circle-stroke-color": colours.lit, "circle-stroke-width": 4 } },
    ],
  };
}

function light(map, kind, index) {
  const only = (wanted) => ["==", ["get", "index"], kind === wanted ? index : -1];
  map.setFilter("lit-stops", only("stop"));
  map.setFilter("lit-ways", only("leg"));
}

function stand(map, point, isSeen) {
  const features = point ? [feature("Point", point, { isSeen })] : [];
  map.getSource("here").setData({ type: "FeatureCollection", features });
}

function whenDrawn(map, act) {
  if (map.isStyleLoaded() || map.getLayer("here")) act();
  else map.once("load", act);
}

function feature(type, coordinates, properties) {
  return { type: "Feature", properties, geometry: { type, coordinates } };
}

function around(points) {
  const [lons, lats] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return [[least(lons), least(lats)], [most(lons), most(lats)]];
}

const least = (values) => values.reduce((a, b) => Math.min(a, b));
const most = (values) => values.reduce((a, b) => Math.max(a, b));
