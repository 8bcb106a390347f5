// Reduces Natural Earth's countries to analysis/maps/world.json, the outlines the findings page draws.
//
// Natural Earth is in the public domain (https://www.naturalearthdata.com/about/terms-of-use/).
// To make the file anew, in an empty folder:
//
//   npm install world-atlas@2 topojson-client@3 topojson-simplify@3 d3-geo@3 i18n-iso-countries@7
//   cp …/tools/make_world_map.mjs . && node make_world_map.mjs …/analysis/maps/world.json
//
// Outlines come from the 1:50m countries, in the Equal Earth projection, so that areas compare. Countries too small to
// see, and those the 1:50m file lacks, get a point from the 1:10m file. Antarctica is left out. Shapes without an ISO
// number (Kosovo, Northern Cyprus, Somaliland, Siachen Glacier) are kept apart: no answer can carry their code.

import { readFileSync, writeFileSync } from "node:fs";
import { geoArea, geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import isoCountries from "i18n-iso-countries";
import { feature } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const WIDTH = 1000;
const SMALLEST_DETAIL = 0.02; // square degrees: triangles below are smoothed away
const SMALLEST_ISLAND = 0.6; // square units on the map
const SEEN = 12; // square units on the map: a country below gets a point as well

const read = (name) => JSON.parse(readFileSync(`node_modules/world-atlas/${name}.json`, "utf8"));
const alpha2 = (id) => (id === undefined ? undefined : isoCountries.numericToAlpha2(id));
const tenth = (number) => Math.round(number * 10) / 10;

const countries = (topology) => feature(topology, topology.objects.countries).features.filter((shape) => shape.id !== "010");
const polygons = ({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);

const coarse = countries(simplify(presimplify(read("countries-50m")), SMALLEST_DETAIL));
const fine = countries(read("countries-10m"));
// Turned by 11 degrees, the map's edge runs through the Bering Strait and cuts no country.
const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(WIDTH, { type: "FeatureCollection", features: coarse });
const path = geoPath(projection);

// One ring as a path, each point relative to the one before: half the size of absolute coordinates.
function line([[x, y], ...rest]) {
  let steps = "";
  const start = `M${x} ${y}`;
  for (const [nextX, nextY] of rest) {
    const [dx, dy] = [nextX - x, nextY - y];
    if (dx || dy) steps += `${steps && dx >= 0 ? " " : ""}${dx}${dy >= 0 ? " " : ""}${dy}`;
    [x, y] = [nextX, nextY];
  }
  return steps && `${start}l${steps}z`;
}

// Paths are written in tenths of a unit, as whole numbers; the drawing scales them back.
function outline(shape) {
  let d = "";
  const parts = polygons(shape).map((rings) => ({ type: "Polygon", coordinates: rings }));
  const largest = Math.max(...parts.map((part) => path.area(part)));
  for (const part of parts) {
    const area = path.area(part);
    if (area < SMALLEST_ISLAND && area < largest) continue;
    for (const ring of (path(part) ?? "").split("M").slice(1)) {
      const points = ring.replace("Z", "").split("L").map((pair) => pair.split(",").map((n) => Math.round(Number(n) * 10)));
      d += line(points);
    }
  }
  return d;
}

function point(shape) {
  const largest = polygons(shape)
    .map((rings) => ({ type: "Polygon", coordinates: rings }))
    .reduce((a, b) => (geoArea(a) >= geoArea(b) ? a : b));
  return projection(geoCentroid(largest)).map(tenth);
}

const outlines = {};
const points = {};
const unassigned = [];
for (const shape of coarse) {
  const code = alpha2(shape.id);
  if (!code) unassigned.push(outline(shape));
  else outlines[code] = (outlines[code] ?? "") + outline(shape);
}
const areas = {};
for (const shape of fine) {
  const code = alpha2(shape.id);
  if (!code) continue;
  const area = path.area(shape);
  if (area > (areas[code] ?? -1)) [areas[code], points[code]] = [area, point(shape)];
}
for (const code of Object.keys(outlines)) if (!outlines[code]) delete outlines[code];
for (const code of Object.keys(points)) if (outlines[code] && areas[code] >= SEEN) delete points[code];

// Islands on the map's edge lie beyond the outlines.
const [[landLeft, top], [landRight, bottom]] = path.bounds({ type: "FeatureCollection", features: coarse });
const across = Object.values(points).map(([x]) => x);
const left = Math.min(landLeft, ...across.map((x) => x - 5));
const right = Math.max(landRight, ...across.map((x) => x + 5));

const sorted = (table) => Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
const world = {
  source: "Natural Earth 1:50m and 1:10m (public domain), by way of world-atlas 2; made by tools/make_world_map.mjs",
  projection: "Equal Earth",
  box: [Math.floor(left), Math.floor(top), Math.ceil(right - left), Math.ceil(bottom - top)],
  outlines: sorted(outlines),
  points: sorted(points),
  unassigned: unassigned.filter(Boolean),
};
writeFileSync(process.argv[2], JSON.stringify(world).replaceAll('","', '",\n"') + "\n");
