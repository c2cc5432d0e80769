import type { ClaimRule } from './claims.rules.ts';

/** What a new shop begins with; an admin may change all of it. */
export const DEFAULT_RULES: readonly ClaimRule[] = [
  {
    id: 'organic',
    kinds: ['organic'],
    active: true,
    words: ['有机', '有機', 'organic', 'organics', 'organically'],
    except: [
      ...[
        '有机会',
        '有机缘',
        '有机遇',
        '有机可乘',
        '有机器',
        '有机械',
        '有机制',
        '有机型',
        '有机构',
        '有机关',
      ],
      ...['有机场', '有机票', '有机动', '有机组', '有机房', '有机身', '有机智', '有机灵', '有机能', '有机率'],
      ...['有机化学', '有机化合物', '有机物', '有机质', '有机肥', '有机酸', '有机硒', '有机体', '有机磷'],
      ...['有机溶剂', '有机玻璃', '有机结合', '有机统一', '有机整体', '有机油', '有机敏', '有机密', '有机床'],
      ...['非有机', '不是有机', '没有有机', '不属于有机', '未获有机', '未通过有机', '不含有机', '还不是有机'],
      ...['organic chemistry', 'organic matter', 'organic acid', 'organic acids', 'organic compound'],
      ...['organic compounds', 'organic fertiliser', 'organic fertilizer', 'organic fertilisers'],
      ...[
        'organic fertilizers',
        'organic growth',
        'organic waste',
        'non organic',
        'not organic',
        "isn't organic",
      ],
      ...['not certified organic', 'no organic'],
    ],
  },
  {
    id: 'green_food',
    kinds: ['green_food'],
    active: true,
    words: ['绿色食品', '绿色认证', '绿标认证', 'green food', 'green foods'],
    except: [
      '非绿色食品',
      '不是绿色食品',
      '没有绿色食品',
      'not green food',
      'leafy green foods',
      'dark green foods',
    ],
  },
  {
    id: 'pollution_free',
    kinds: ['pollution_free'],
    active: true,
    words: ['无公害', 'pollution free', 'pollution-free'],
    except: ['非无公害', '不是无公害', 'pollution-free air', 'pollution-free water', 'not pollution-free'],
  },
  {
    id: 'geographical_indication',
    kinds: ['geographical_indication'],
    active: true,
    words: [
      ...['地理标志', '地标产品', '地标农产品', '地标认证', '原产地保护', '原产地认证'],
      ...['geographical indication', 'geographical indications', 'geographic indication', 'GI', 'PGI', 'PDO'],
      ...['protected designation of origin', 'protected geographical indication'],
    ],
    except: [
      ...['低GI', '高GI', '中GI', 'GI值', 'low GI', 'low-GI', 'high GI', 'high-GI', 'GI value', 'GI values'],
      ...['GI index', '不是地理标志', '没有地理标志', '非地理标志', 'not a geographical indication'],
    ],
  },
  {
    id: 'selenium',
    kinds: ['test_report'],
    active: true,
    words: [
      '富硒',
      '高硒',
      '含硒',
      '富含硒',
      'selenium-rich',
      'rich in selenium',
      'high selenium',
      'selenium-enriched',
    ],
    except: ['不含硒', '非富硒', '不是富硒', 'not selenium-rich'],
  },
  {
    // Wildflower, wild osmanthus, wild herbs in a story: most of it is no claim. Off until somebody wants it.
    id: 'wild',
    kinds: ['organic', 'test_report'],
    active: false,
    words: ['野生', '纯野生', 'wild-harvested', 'wild-caught', 'wild-grown', '100% wild'],
    except: ['野生动物', '野生动植物', '仿野生', '非野生', '不是野生', 'wild-harvested seeds'],
  },
];
