/**
 * Hunan, drawn by hand from the courses of its borders and rivers: good enough to see on which side of the province a
 * field lies, at no cost of tiles or of telling anybody who looked.
 */
type Point = readonly [lng: number, lat: number];

const BORDER: readonly Point[] = [
  ...([
    [110.75, 30.1],
    [111.0, 30.05],
    [111.4, 29.92],
    [111.75, 29.9],
    [111.95, 29.83],
    [112.1, 29.66],
  ] as const),
  ...([
    [112.3, 29.55],
    [112.45, 29.63],
    [112.7, 29.6],
    [112.92, 29.72],
    [112.98, 29.5],
    [113.1, 29.42],
  ] as const),
  ...([
    [113.2, 29.6],
    [113.55, 29.85],
    [113.7, 29.6],
    [113.62, 29.4],
    [113.75, 29.1],
    [113.95, 29.05],
  ] as const),
  ...([
    [114.1, 28.83],
    [114.03, 28.6],
    [114.24, 28.35],
    [114.05, 28.12],
    [113.8, 27.95],
    [113.62, 27.6],
  ] as const),
  ...([
    [113.85, 27.35],
    [113.75, 27.1],
    [113.9, 26.9],
    [113.85, 26.62],
    [114.07, 26.42],
    [113.95, 26.15],
  ] as const),
  ...([
    [114.2, 26.15],
    [114.03, 25.85],
    [113.93, 25.5],
    [113.95, 25.35],
    [113.6, 25.33],
    [113.1, 25.45],
  ] as const),
  ...([
    [112.9, 25.28],
    [113.0, 24.93],
    [112.72, 25.08],
    [112.4, 25.14],
    [112.16, 24.98],
    [112.07, 24.72],
  ] as const),
  ...([
    [111.7, 24.65],
    [111.45, 24.68],
    [111.5, 24.98],
    [111.12, 24.95],
    [111.3, 25.25],
    [111.08, 25.45],
  ] as const),
  ...([
    [111.32, 25.75],
    [111.22, 26.15],
    [110.95, 26.35],
    [110.72, 26.3],
    [110.6, 26.05],
    [110.28, 25.97],
  ] as const),
  ...([
    [110.07, 26.05],
    [109.95, 26.22],
    [109.8, 25.9],
    [109.45, 25.95],
    [109.4, 26.3],
    [109.27, 26.7],
  ] as const),
  ...([
    [109.5, 26.85],
    [109.42, 27.12],
    [109.1, 27.08],
    [108.82, 27.12],
    [108.8, 27.38],
    [109.1, 27.42],
  ] as const),
  ...([
    [109.42, 27.6],
    [109.45, 27.8],
    [109.3, 28.05],
    [109.32, 28.28],
    [109.24, 28.65],
    [109.2, 29.1],
  ] as const),
  ...([
    [109.12, 29.35],
    [109.45, 29.55],
    [109.65, 29.6],
    [109.85, 29.76],
    [110.15, 29.75],
    [110.5, 29.7],
  ] as const),
  [110.58, 29.95],
];

const RIVERS: readonly (readonly Point[])[] = [
  // Xiang
  [
    [111.05, 25.7],
    [111.6, 26.2],
    [111.62, 26.45],
    [112.0, 26.65],
    [112.6, 26.85],
    [112.95, 27.25],
    [113.1, 27.75],
    [112.93, 28.2],
    [112.85, 28.65],
    [112.95, 29.1],
  ],
  // Zi
  [
    [110.45, 26.45],
    [110.95, 26.95],
    [111.45, 27.25],
    [111.3, 27.75],
    [111.2, 28.35],
    [111.75, 28.35],
    [112.3, 28.58],
    [112.6, 28.85],
  ],
  // Yuan
  [
    [109.7, 26.6],
    [109.75, 27.15],
    [110.0, 27.55],
    [110.2, 28.0],
    [110.4, 28.45],
    [111.1, 28.85],
    [111.7, 29.0],
    [112.3, 28.95],
  ],
  // Li
  [
    [109.95, 29.45],
    [110.48, 29.13],
    [111.1, 29.42],
    [111.75, 29.62],
    [112.2, 29.35],
  ],
];

const LAKE: readonly Point[] = [
  ...([
    [112.35, 29.2],
    [112.7, 29.3],
    [112.95, 29.42],
    [113.1, 29.3],
    [113.0, 29.05],
    [112.8, 28.82],
  ] as const),
  ...([
    [112.6, 28.85],
    [112.72, 29.08],
  ] as const),
];

const WEST = 108.55;
const NORTH = 30.3;
/** Pixels for a degree of latitude; a degree of longitude is shorter by the cosine of 27.5°. */
const SCALE = 62;
const SQUEEZE = Math.cos((27.5 * Math.PI) / 180);

export const MAP_SIZE = { width: 322, height: 360 } as const;

export function onMap({ lat, lng }: { lat: number; lng: number }): { x: number; y: number } {
  return { x: tenth((lng - WEST) * SCALE * SQUEEZE), y: tenth((NORTH - lat) * SCALE) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const pointOf = ([lng, lat]: Point) => onMap({ lat, lng });

/** Through the middles of a line's pieces, rounded at its corners. */
function smooth(points: readonly Point[], closed: boolean): string {
  const at = points.map(pointOf);
  if (closed) at.push(at[0]!);
  const [first] = at;
  let path = `M${first!.x} ${first!.y}`;
  for (let i = 1; i < at.length - 1; i += 1) {
    const [here, next] = [at[i]!, at[i + 1]!];
    path += `Q${here.x} ${here.y} ${tenth((here.x + next.x) / 2)} ${tenth((here.y + next.y) / 2)}`;
  }
  const last = at.at(-1)!;
  return `${path}L${last.x} ${last.y}${closed ? 'Z' : ''}`;
}

export const HUNAN = {
  ...MAP_SIZE,
  border: smooth(BORDER, true),
  rivers: RIVERS.map((river) => smooth(river, false)),
  lake: smooth(LAKE, true),
  city: onMap({ lat: 28.2, lng: 112.94 }),
};
