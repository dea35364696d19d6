// Where a vehicle is at a place of the slider: seen at a stop, inferred between two.
const clock = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const date = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh" });

// trail: as `web.trail` writes it; at: 0 for the first stop, 1.5 for half way from the second on.
export function alongRoute(trail, at) {
  const from = Math.min(Math.floor(at), trail.stops.length - 1);
  const share = at - from;
  const stop = trail.stops[from];
  if (share === 0) {
    return { kind: "stop", index: from, place: stop.place, isSeen: true, clock: words(stop.time) };
  }
  const time = stop.time + share * (trail.stops[from + 1].time - stop.time);
  const line = trail.legs[from].lines[0]?.points;
  const place = line ? onLine(line, share) : null;
  return { kind: "leg", index: from, place, isSeen: false, clock: words(time) };
}

export function words(time) {
  return `${clock.format(time)} · ${date.format(time)}`;
}

function onLine(points, share) {
  const lengths = points.slice(1).map((point, i) => distance(points[i], point));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [i, length] of lengths.entries()) {
    if (left <= length && length > 0) {
      const part = left / length;
      return points[i].map((value, axis) => value + part * (points[i + 1][axis] - value));
    }
    left -= length;
  }
  return points.at(-1);
}

function distance([lon, lat], [otherLon, otherLat]) {
  const narrow = Math.cos((lat * Math.PI) / 180); // degrees of longitude are shorter than of latitude
  return Math.hypot((otherLon - lon) * narrow, otherLat - lat);
}
