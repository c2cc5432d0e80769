import { describe, expect, test } from 'vitest';
import { citiesOf, findPlace } from '../../server/accounts/divisions.rules.ts';
import { PROVINCES } from '../../server/accounts/provinces.rules.ts';

const WITHOUT = ['台湾省', '香港特别行政区', '澳门特别行政区'];

/** `province city county`, with `-` for what is left empty. */
function found(text: string): string {
  const [province = '', city = '', county = ''] = text.split(' ').map((part) => (part === '-' ? '' : part));
  const place = findPlace({ province, city, county });
  return 'why' in place ? `${place.field} ${place.why}` : `${place.city || '-'} ${place.county || '-'}`;
}

describe('the divisions', () => {
  test('are known of every province but those whose addresses go without', () => {
    const lacking = PROVINCES.filter((province) => citiesOf(province).length === 0);
    expect(lacking).toEqual(WITHOUT);
    expect(PROVINCES.flatMap((province) => citiesOf(province)).length).toBeGreaterThan(360);
  });

  test('are each found by their own names', () => {
    for (const province of PROVINCES) {
      for (const { name: city, counties } of citiesOf(province)) {
        expect(new Set(counties).size).toBe(counties.length);
        for (const county of counties.length > 0 ? counties : [''])
          expect(findPlace({ province, city, county })).toEqual({ province, city, county });
      }
    }
  });
});

describe('a place', () => {
  test.each([
    ['湖南省 长沙市 岳麓区', '长沙市 岳麓区'],
    ['湖南省 长沙 岳麓', '长沙市 岳麓区'],
    ['湖南省 湖南省长沙市 长沙市岳麓区', '长沙市 岳麓区'],
    ['湖南省 长沙 长沙县', '长沙市 长沙县'],
    ['湖南省 邵阳市 城步县', '邵阳市 城步苗族自治县'],
    ['湖南省 邵阳市 邵东县', '邵阳市 邵东市'],
    ['湖南省 湘西州 凤凰', '湘西土家族苗族自治州 凤凰县'],
    ['湖北省 恩施 恩施市', '恩施土家族苗族自治州 恩施市'],
    ['内蒙古自治区 通辽 科尔沁', '通辽市 科尔沁区'],
    ['江苏省 昆山市 -', '苏州市 昆山市'],
    ['江苏省 昆山 昆山', '苏州市 昆山市'],
    ['北京市 - 海淀', '北京市 海淀区'],
    ['北京市 市辖区 北京市海淀区', '北京市 海淀区'],
    ['重庆市 县 忠县', '重庆市 忠县'],
    ['重庆市 重庆 石柱县', '重庆市 石柱土家族自治县'],
    ['河南省 济源 -', '济源市 -'],
    ['河南省 省直辖县级行政区划 济源市', '济源市 -'],
    ['河南省 济源市 济源', '济源市 -'],
    ['湖北省 神农架 -', '神农架林区 -'],
    ['海南省 省直辖县 陵水', '陵水黎族自治县 -'],
    ['新疆维吾尔自治区 自治区直辖县级行政区划 石河子市', '石河子市 -'],
    ['广东省 东莞 虎门镇', '东莞市 虎门镇'],
    ['广东省 东莞市 -', '东莞市 -'],
    ['广东省 东莞市 南城区', '东莞市 南城街道'],
    ['广东省 中山市 火炬开发区', '中山市 火炬开发区'],
    ['香港特别行政区 - -', '- -'],
    ['台湾省 台北市 大安区', '台北市 大安区'],
  ])('%s is %s', (text, place) => {
    expect(found(text)).toBe(place);
  });

  test.each([
    ['湖南省 - 岳麓区', 'city required'],
    ['湖南省 武汉市 武昌区', 'city unknown'],
    ['湖南省 长 岳麓区', 'city unknown'],
    ['湖南省 长沙市 -', 'county required'],
    ['湖南省 长沙市 长沙市', 'county required'],
    ['湖南省 长沙市 天河区', 'county unknown'],
    ['上海市 - -', 'county required'],
    ['新疆维吾尔自治区 和田地区 和田', 'county required'],
    ['新疆维吾尔自治区 伊犁 伊宁', 'county unknown'],
    ['江苏省 苏州 工业园区', 'county unknown'],
    ['河南省 省直辖县级行政区划 仙桃市', 'city unknown'],
    ['湖南省 湘 -', 'city unknown'],
  ])('%s is refused: %s', (text, refusal) => {
    expect(found(text)).toBe(refusal);
  });
});
