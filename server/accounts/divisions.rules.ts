import east from './divisions/east.rules.ts';
import northEast from './divisions/north-east.rules.ts';
import northWest from './divisions/north-west.rules.ts';
import north from './divisions/north.rules.ts';
import southWest from './divisions/south-west.rules.ts';
import south from './divisions/south.rules.ts';

/** A city, or a county that a province governs directly, as it stands on a parcel. */
export interface City {
  name: string;
  counties: readonly string[];
  /** Has no counties but towns: one of these helps the carrier, and any other words or none will do as well. */
  isOpen: boolean;
}

/** Cities whose towns stand where others have counties. */
const OPEN = new Set(['东莞市', '中山市', '儋州市', '嘉峪关市']);

const DIVISIONS = new Map<string, City[]>(
  Object.entries({ ...north, ...northEast, ...east, ...south, ...southWest, ...northWest }).map(
    ([province, cities]) => [
      province,
      Object.entries(cities).map(([name, counties]) => ({
        name,
        counties: counties === '' ? [] : counties.split(' '),
        isOpen: counties === '' || OPEN.has(name),
      })),
    ],
  ),
);

/** The cities of a province; none where addresses go without (Taiwan, Hong Kong, Macao). */
export function citiesOf(province: string): readonly City[] {
  return DIVISIONS.get(province) ?? [];
}

export interface Place {
  province: string;
  city: string;
  county: string;
}

export interface PlaceRefusal {
  field: 'city' | 'county';
  why: 'required' | 'unknown';
}

/** What forms write where a municipality or a directly governed county has no city above it. */
const NO_CITY = /^(市辖区|县|(省|自治区)?直辖县(级行政区划)?|(省|自治区)直辖)$/;

/**
 * City and county by their full names, however somebody has written them: 长沙 and 湖南省长沙市 are 长沙市, 城步县 is
 * 城步苗族自治县. A municipality is its own city; a county that its province governs directly stands as the city.
 */
export function findPlace({ province, city, county }: Place): Place | PlaceRefusal {
  const cities = citiesOf(province);
  if (cities.length === 0) return { province, city: tidy(city), county: tidy(county) };
  const typed = { city: without(tidy(city), province), county: without(tidy(county), province) };
  const found = findCity(cities, typed);
  if (!found) return { field: 'city', why: typed.city === '' ? 'required' : 'unknown' };
  const inCity = findCounty(found.city, found.county);
  return 'field' in inCity ? inCity : { province, city: found.city.name, county: inCity.county };
}

function findCity(cities: readonly City[], { city, county }: { city: string; county: string }) {
  const only = cities.length === 1 ? cities[0] : undefined;
  if (only && (city === '' || NO_CITY.test(city))) return { city: only, county };
  const direct = cities.filter(({ counties }) => counties.length === 0).map(({ name }) => name);
  const name = NO_CITY.test(city)
    ? pick(direct, county)
    : pick(
        cities.map((one) => one.name),
        city,
      );
  const found = cities.find((one) => one.name === name);
  if (found) return { city: found, county };
  // 昆山市 is written where a city belongs, and is a county of 苏州市.
  if (city === '' || (county !== '' && county !== city)) return undefined;
  const above = cities.filter(({ counties }) => pick(counties, city) !== undefined);
  return above.length === 1 ? { city: above[0]!, county: city } : undefined;
}

function findCounty({ name, counties, isOpen }: City, text: string): { county: string } | PlaceRefusal {
  const county = counties.includes(text) ? text : without(text, name);
  if (counties.includes(county)) return { county };
  // The city's name once more says nothing of the county: 长沙 in 长沙市 need not be 长沙县.
  const named = pick([name], county) === name ? '' : county;
  const found = pick(counties, named);
  if (found !== undefined) return { county: found };
  if (isOpen) return { county: named };
  return { field: 'county', why: named === '' ? 'required' : 'unknown' };
}

/** What kind of division it is, as the end of a name says; longer ones first. */
const KINDS = /(自治州|自治县|自治旗|林区|矿区|新区|地区|市|州|区|县|旗|盟)$/;

const stemOf = (name: string) => name.replace(KINDS, '');

/**
 * The name that is meant: written in full; else the one that is the same but for its kind (邵东县 has become 邵东市);
 * else the only one that begins so. 和田, which may be a city or a county, is neither.
 */
function pick(names: readonly string[], text: string): string | undefined {
  if (names.includes(text)) return text;
  const same = names.filter((name) => isSame(text, name));
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const stem = [text, stemOf(text)].find(
    (part) => part.length > 1 && names.some((one) => one.startsWith(part)),
  );
  const begins = names.filter((name) => stem !== undefined && name.startsWith(stem));
  return begins.length === 1 ? begins[0] : undefined;
}

function isSame(text: string, name: string): boolean {
  const stem = stemOf(name);
  return text === name || (stem.length > 1 && (text === stem || stemOf(text) === stem));
}

/** 湖南省长沙市 without 湖南省. The name alone is left as it is: 北京市 is a city, too. */
function without(text: string, above: string): string {
  return text.startsWith(above) && text !== above ? text.slice(above.length) : text;
}

function tidy(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s/g, '');
}
