import type { Localized } from './types.ts';

export interface LiveContent {
  slug: string;
  title: Localized;
  intro: Localized;
  /** Path below public/img. */
  poster: string;
  /** SKUs in the order in which they are shown. */
  rail: string[];
  /** What the host says of each. */
  script: { sku: string; lines: Localized }[];
  chat: { name: string; text: string }[];
}

export const lives: LiveContent[] = [
  {
    slug: 'huangshaping-market',
    title: {
      'zh-CN': '黄沙坪赶集：从馒头播到葛根粉',
      en: 'Market day at Huangshaping, from mantou to kudzu',
    },
    intro: {
      'zh-CN':
        '资江边的老茶市开了直播间，十来个小时，十样土货，轮着上。馒头现掰，茶现泡，淀粉现勾芡，想看哪样在下面说一声。',
      en: 'The old tea market on the Zi River is on air: ten hours, ten things from the villages, in turn. Mantou are pulled apart, tea is brewed and sauces are thickened while you watch. Say what you would like to see.',
    },
    poster: 'lives/huangshaping-market.svg',
    rail: [
      'MTO-600',
      'DKT-100',
      'HNY-500',
      'HMR-1500',
      'ORA-2500',
      'SPS-500',
      'KDZ-250',
      'NMT-150',
      'RIC-5000',
      'CBT-100',
    ],
    script: [
      {
        sku: 'MTO-600',
        lines: {
          'zh-CN':
            '这款什锦馒头采用全酵母发酵，不添加膨松剂，香甜松软。我掰一个给大家看，南瓜的，里头全是细孔，按下去自己弹回来。一袋十个，五种口味，现在就可以点击链接下单啦。',
          en: 'These assorted mantou are raised with yeast alone and no leavening agents, and they are sweet and soft. Let me pull one open, this is the pumpkin: see how fine it is, and how it springs back. Ten to a bag, five kinds. Tap the link and order now.',
        },
      },
      {
        sku: 'DKT-100',
        lines: {
          'zh-CN':
            '来，凑近看，这一点一点黄的就是金花，不是发霉，是茯砖发出来的。这盒已经掰好了，不用茶针，抓一块扔进壶里煮，水开了再等三分钟。你闻闻，哦闻不到，那我替你喝一口。',
          en: 'Come close: these yellow specks are golden flowers, which is what a Fu brick is meant to grow, not mould gone wrong. The box is broken up for you, so no tea pick. Drop a piece in the pot and give it three minutes after it boils. Smell that? No, of course not. I will drink it for you.',
        },
      },
      {
        sku: 'HNY-500',
        lines: {
          'zh-CN':
            '城步的中蜂蜜，一斤一瓶。勺子提起来，看这条线，细细的不断。那边一天打包400公斤，今天的量约满了就排到明天，发货日期页面上写得清清楚楚，不催也不骗。',
          en: 'Honey from the native bees of Chengbu, half a kilo to the jar. Lift the spoon and watch the thread, it does not break. They pack 400 kilograms a day over there. When today is full you get tomorrow, and the page tells you so.',
        },
      },
      {
        sku: 'HMR-1500',
        lines: {
          'zh-CN':
            '红美人别剥，真的别剥，剥了就是一手汁。横着一刀，再一刀，这样吃，你看这个肉，颤的。八个一盒，一果一格，怕压坏。',
          en: 'Do not peel a Hong Mei Ren. I mean it, you will be wearing it. One cut across, then another, and eat it like this. Look, it wobbles. Eight to a box, each in its own cell.',
        },
      },
      {
        sku: 'ORA-2500',
        lines: {
          'zh-CN':
            '大塘村的沃柑，2000亩，过冬是盖着薄膜的。寒潮那天三十多号人上山，一垄一垄盖，盖完天都快黑了。所以这个甜，是有人替它挡了风的。',
          en: 'Orah from Datang, two thousand mu of it, and it spent the winter under film. The day the cold came, more than thirty people went up and covered it row by row until it was nearly dark. It is sweet because somebody stood in the wind for it.',
        },
      },
      {
        sku: 'SPS-500',
        lines: {
          'zh-CN':
            '下一样，红薯淀粉，老校舍里磨出来的。有人问为什么不白？红薯粉本来就带点灰。今天中午我用它裹肉片下汤，滑得筷子夹不住，我用的勺。',
          en: 'Next, sweet-potato starch, milled in an old school. Why is it not white, someone asks. Because sweet-potato starch is a little grey. I put it on sliced pork for the soup at noon, and it was so slippery I had to use a spoon.',
        },
      },
      {
        sku: 'KDZ-250',
        lines: {
          'zh-CN':
            '葛根粉冲的时候记住两步：凉水先化开，滚水再冲，一边冲一边朝一个方向搅。你看，白的，白的，好，透了！味道有一点点苦，后面是甘的，爱吃甜的加勺蜂蜜。',
          en: 'Kudzu powder, two steps: loosen it in cold water, then pour on boiling water and stir one way. White, still white, and there, clear! It is a little bitter to begin with and sweet behind. Put honey in if you like.',
        },
      },
      {
        sku: 'NMT-150',
        lines: {
          'zh-CN':
            '南山的奶片，配料里奶粉占大头。含着是绵的，嚼着是酥的，我一般忍不住嚼。独立小包，放书包里也不会碎成粉。',
          en: 'Milk tablets from Nanshan, and they are mostly milk powder. Creamy if you let them melt, crumbly if you bite, and I always bite. Each is wrapped, so they survive a school bag.',
        },
      },
      {
        sku: 'RIC-5000',
        lines: {
          'zh-CN':
            '城步山里的米，一年一季，下单了才碾。锅我早上就煮上了，开盖，来，镜头过来。这一袋有绿色食品证书，编号扫袋子上的码就能看。',
          en: 'Mountain rice from Chengbu, one crop a year, and it is milled after you order. I put a pot on this morning. Lid off, camera here, please. It carries a green food certificate, and you can read the number by scanning the bag.',
        },
      },
      {
        sku: 'CBT-100',
        lines: {
          'zh-CN':
            '椿木坪村，凤凰那边的，村里有了自己的茶叶厂，红茶就是自己炒自己烘的。闻着像烤红薯，泡浓一点加牛奶，茶味还在。播到这会儿了，我也正好来一杯。',
          en: 'This is from Chunmuping, over in Fenghuang, where the village has its own factory now and makes its own black tea. It smells of baked sweet potato, and stands up to milk if you brew it strong. At this hour I could do with a cup myself.',
        },
      },
    ],
    chat: [
      { name: '资江边的风', text: '来了来了，馒头还有吗' },
      { name: '不吃香菜', text: '紫薯的掰开看看！' },
      { name: '半斤八两', text: '馒头不用解冻直接蒸是吧' },
      { name: '阿梨不是梨', text: '上次买的蜂蜜结晶了，温水化开了，香' },
      { name: '今天也想吃米粉', text: '黑茶煮几分钟？我老煮太浓' },
      { name: '云上晒谷', text: '沃柑发上海要几天' },
      { name: '一只慢吞吞', text: '主播喝口水吧，都播六个钟头了' },
      { name: '小火慢炖', text: '红薯粉做粉皮，比例再说一遍呗' },
      { name: 'rice_and_rain', text: 'is the Anxi mantou the same as the Anhua one?' },
      { name: '老街口修伞', text: '同一个，叫法不一样，我家一直喊安溪馒头' },
      { name: '星期三的猫', text: '红美人真的不能剥吗哈哈哈' },
      { name: '山那边喊一声', text: '下单了两袋馒头一瓶蜜，坐等' },
    ],
  },
  {
    slug: 'honey-morning',
    title: { 'zh-CN': '城步蜂蜜早场：看400公斤怎么打包', en: 'Honey in the morning: packing 400 kilograms' },
    intro: {
      'zh-CN':
        '早上从打包间开播：验水分、过滤、灌瓶、贴码，一天400公斤。三种蜜都开一瓶尝，旁边蒸着馒头、摆着酸奶。',
      en: 'On air from the packing room: checking moisture, straining, filling, coding, 400 kilograms in a day. Three honeys will be opened and tasted, with mantou in the steamer and yogurt on the table.',
    },
    poster: 'lives/honey-morning.svg',
    rail: ['HNY-500', 'HNY-1000', 'HNW-250', 'HNC-250', 'YGT-900', 'MTO-600'],
    script: [
      {
        sku: 'HNY-500',
        lines: {
          'zh-CN':
            '早上好，我身后就是今天要发的400公斤。先开一瓶百花蜜，山上开什么它就是什么味，今年这批偏琥珀色，后头有一点果酸。',
          en: 'Good morning. Behind me are the 400 kilograms that leave today. We begin with the wildflower: it tastes of whatever was open on the hills, and this lot is amber with a little fruit at the end.',
        },
      },
      {
        sku: 'HNY-1000',
        lines: {
          'zh-CN':
            '家里人多就拿两斤的，一瓶75块，正好是城步蜜一公斤的均价。天冷它会结晶，别慌，放温水里坐一会儿就化。',
          en: 'For a full house take the kilo jar at 75 yuan, which is what Chengbu honey fetches on average. It may set in the cold. Do not worry, stand it in warm water for a while.',
        },
      },
      {
        sku: 'HNW-250',
        lines: {
          'zh-CN':
            '这瓶白的不是猪油，是野桂花冬蜜，结晶了就这个样。我挖一勺抹在热馒头上，你看它自己往下化。量不多，一户一个冬天就攒那么点。',
          en: 'The white one is not lard, it is winter honey, and this is how it sets. I put a spoon on a hot mantou and it slides. There is not much, a family gathers only so much in a winter.',
        },
      },
      {
        sku: 'HNC-250',
        lines: {
          'zh-CN': '巢蜜，连巢一起嚼，蜜咽了，蜡吐掉。声音收到了吗？咔嚓一下，那是封盖破了。',
          en: 'Comb honey: chew it whole, swallow the honey, put the wax aside. Did the microphone catch that? That little crack was the capping.',
        },
      },
      {
        sku: 'YGT-900',
        lines: {
          'zh-CN':
            '早饭搭子来了，南山的酸奶，勺子立得住。先空口吃一勺，再淋蜜吃一勺，你自己说哪个好。冷链发的，到手先进冰箱。',
          en: 'Here comes its breakfast companion, Nanshan yogurt, firm enough to hold the spoon. A spoonful plain, then a spoonful with honey, and you tell me. It travels cold, so put it in the refrigerator when it comes.',
        },
      },
      {
        sku: 'MTO-600',
        lines: {
          'zh-CN': '馒头是从安化寄来的什锦馒头，正蒸着呢，再等两分钟。掰开夹一勺蜜，这就是我们打包间的早饭。',
          en: 'The mantou came from Anhua and are in the steamer. Two more minutes. Split one, put a spoon of honey in, and you have what the packing room eats for breakfast.',
        },
      },
    ],
    chat: [],
  },
  {
    slug: 'citrus-harvest',
    title: { 'zh-CN': '揭膜摘果：柑橘开园', en: 'Film off, fruit down: the citrus harvest' },
    intro: {
      'zh-CN':
        '一头在城步果园，一头在大塘村的2000亩沃柑地。当场测糖，当场剪果，天气好就多摘，天气不好就聊聊天气。',
      en: 'One camera in the Chengbu orchard, another among Datang’s 2,000 mu of orah. Sugar is measured and fruit cut while you watch. On a fine day we pick more; on a bad one we talk about the weather.',
    },
    poster: 'lives/citrus-harvest.svg',
    rail: ['HMR-1500', 'HMR-2500', 'ORA-2500', 'ORA-5000', 'PSF-1500', 'KWI-1250', 'HNY-500'],
    script: [
      {
        sku: 'HMR-1500',
        lines: {
          'zh-CN':
            '大家好，我在城步的棚里，头顶这一串就是红美人。剪的时候要两刀，先剪下来，再把果蒂剪平，不然会戳到旁边的果。八个一盒，挑个头匀的装。',
          en: 'Hello from under cover in Chengbu. The cluster over my head is Hong Mei Ren. It takes two cuts, one to bring it down and one to trim the stalk so it does not pierce its neighbour. Eight to a box, matched for size.',
        },
      },
      {
        sku: 'HMR-2500',
        lines: {
          'zh-CN': '五斤箱是自己家吃的，大小混装，味道一样。测一个糖给大家看，别看我，看表。',
          en: 'The 2.5-kilo box is for home: mixed sizes, same fruit. Let me measure one for sugar. Do not look at me, look at the dial.',
        },
      },
      {
        sku: 'ORA-2500',
        lines: {
          'zh-CN':
            '切到大塘村。这片膜是寒潮前盖上的，今天揭开，听这个声音，哗啦一片。沃柑皮紧，剥的时候离眼睛远一点。',
          en: 'Over to Datang. This film went on before the cold and comes off today. Listen to it go. Orah has a tight skin, so hold it away from your eyes when you peel.',
        },
      },
      {
        sku: 'ORA-5000',
        lines: {
          'zh-CN':
            '十斤箱，单层放阴凉处，一个月慢慢吃。冻过的我们挑出来了，不发，这一筐就是挑出来的，大家看清楚长什么样。',
          en: 'The 5-kilo box, laid out cool in a single layer, lasts a month. Frosted fruit has been taken out and is not sent. This basket is what we took out, so you know what it looks like.',
        },
      },
      {
        sku: 'PSF-1500',
        lines: {
          'zh-CN':
            '百香果看季节，挂了链接的就是有货。皱皮的别嫌丑，皱了才香。挖一个进杯子，加蜂蜜加凉水，搅一搅。',
          en: 'Passion fruit has its season; if the link is up, there is some. Do not turn up your nose at wrinkles, that is when it smells. One in a glass, honey, cold water, stir.',
        },
      },
      {
        sku: 'KWI-1250',
        lines: {
          'zh-CN':
            '猕猴桃发出去是硬的，别一到手就切。和苹果关在一个袋子里，过三四天捏一捏，跟耳垂一样软就成了。',
          en: 'Kiwi leaves here hard, so do not cut it the day it comes. Shut it in a bag with an apple, and in three or four days, when it gives like an ear lobe, it is ready.',
        },
      },
      {
        sku: 'HNY-500',
        lines: {
          'zh-CN': '摘了半天果，口渴了，冲一杯百香果蜂蜜水。蜜就是城步本地的，不用去超市配。',
          en: 'After half a day of picking, a glass of passion fruit and honey. The honey is from Chengbu too, so there is no need to look elsewhere.',
        },
      },
    ],
    chat: [],
  },
  {
    slug: 'tea-evening',
    title: { 'zh-CN': '夜里喝杯茶：安化、凤凰、城步', en: 'Tea after dark: Anhua, Fenghuang, Chengbu' },
    intro: {
      'zh-CN': '一张桌子六样茶，从绿茶喝到黑茶。不赶时间，泡一样讲一样，讲讲锅温、松烟和采茶的梯子。',
      en: 'One table, six teas, from green to dark. No hurry: each is brewed and talked about in turn, with something on hot pans, pine smoke and the ladders that pickers climb.',
    },
    poster: 'lives/tea-evening.svg',
    rail: ['CGT-100', 'CBT-100', 'TUT-100', 'QQL-100', 'TJT-100', 'DKT-100', 'DKT-1000'],
    script: [
      {
        sku: 'CGT-100',
        lines: {
          'zh-CN':
            '晚上好，从清的喝起。椿木坪的绿茶，村里自己的锅炒的，炒茶的师傅拿手背试温度。玻璃杯，水晾两分钟，看它一片一片往下站。',
          en: 'Good evening. We start with the lightest, Chunmuping green, fired in the village’s own pans by people who test the heat with the back of a hand. A tall glass, water left two minutes, and watch the leaves stand.',
        },
      },
      {
        sku: 'CBT-100',
        lines: {
          'zh-CN':
            '同一个村的红茶，叶子大一点，萎凋一晚上。闻闻，像不像小时候灶膛里的红薯？汤是甜的，不用放糖。',
          en: 'The same village’s black, from larger leaf withered overnight. Is that not the sweet potato in the kitchen embers? It is sweet as it is and needs no sugar.',
        },
      },
      {
        sku: 'TUT-100',
        lines: {
          'zh-CN':
            '城步有机桐茶，有机证书号印在袋上，扫码也能看。树高，采茶搭梯子，一天采不了几斤。这已经是第六道了，颜色浅了，味还在。',
          en: 'Organic tung tea from Chengbu. The organic certificate number is on the bag, and behind the code. The trees are tall, pickers use ladders, and a day’s work is a few pounds. This is the sixth steeping: paler, and still there.',
        },
      },
      {
        sku: 'QQL-100',
        lines: {
          'zh-CN':
            '青钱柳，它不是茶树，是一种高树的叶子。喝一口，先清后甜，不用加东西。有人问功效，我们不讲这个，就讲好不好喝。',
          en: 'Qingqianliu does not come from a tea bush, it is the leaf of a tall tree. Clear, then sweet, and nothing added. Someone asks what it is good for. We do not talk about that here, only about how it tastes.',
        },
      },
      {
        sku: 'TJT-100',
        lines: {
          'zh-CN': '天尖，安化的，松柴烘出来的。烟味重不重？新茶重，放一放就柔了。头一泡快出汤，十秒，走。',
          en: 'Tianjian, from Anhua, dried over pine. Is it smoky? New, yes; kept a while, it softens. Pour off quickly to begin with: ten seconds, and out.',
        },
      },
      {
        sku: 'DKT-100',
        lines: {
          'zh-CN':
            '茯砖我们煮着喝，掰好的小块，丢四五克下去。看汤色，橙红的。加点奶、加一小撮盐，晚上配块饼干正好。',
          en: 'The Fu brick we boil. It is broken already, so drop in four or five grams and look at that amber-red. A little milk, a small pinch of salt, and a biscuit for company.',
        },
      },
      {
        sku: 'DKT-1000',
        lines: {
          'zh-CN':
            '喜欢就存一整砖，两斤，干燥通风的地方搁着，别放冰箱。砖面有批次码，过两年拿出来还知道它是哪一年哪一批的。',
          en: 'If you like it, keep a whole brick, one kilo, somewhere dry and airy, and not in the refrigerator. The batch is coded on the wrapper, so in two years you will still know which it is.',
        },
      },
    ],
    chat: [
      { name: '夜里开窗', text: '刚下班，赶上绿茶了' },
      { name: '三分糖', text: '红茶加奶好喝，上回买的喝完了' },
      { name: '瓦片上的雨', text: '采茶真要搭梯子啊，长见识' },
      { name: '不吃香菜', text: '天尖的烟味我喜欢，像老房子' },
      { name: '茶缸子', text: '茯砖撬不动怎么办' },
      { name: '今天也想吃米粉', text: '买掰好的那盒呀，我就是' },
      { name: '慢半拍', text: '青钱柳放凉加柠檬确实行' },
      { name: '灯下补袜子', text: '喝到第六样了，今晚不想睡' },
    ],
  },
];
