import type { CooperativeContent } from './types.ts';

const chengbu = { province: '湖南省', city: '邵阳市', county: '城步苗族自治县' };

export const cooperatives: CooperativeContent[] = [
  {
    slug: 'huifeng',
    name: {
      'zh-CN': '湖南汇峰农业发展有限公司',
      en: 'Hunan Huifeng Agricultural Development Co., Ltd.',
    },
    tagline: {
      'zh-CN': '城步中蜂蜜，一天打包400公斤',
      en: 'Chengbu honey, packed 400 kilograms a day',
    },
    story: {
      'zh-CN': [
        '城步山多，花也开得长。油菜谢了有乌桕，乌桕谢了有五倍子，入冬还有野桂花。养蜂人把蜂箱放在林子边，中蜂个头小、飞得勤，零零散散的山花也采得回来。',
        '各村的蜜收上来，先看水分，再过滤、灌装、贴码。忙的时候一天打包400公斤，发往全国各地。2021年，城步蜂蜜卖出160余吨，销售额1200余万元，合下来一公斤75元。',
        '400公斤是我们一天能仔细做完的量。订单满了，就往后排一天，页面上的发货日期照实写。',
      ].join('\n\n'),
      en: [
        'Something is always in flower in Chengbu. When the rapeseed is over the tallow trees begin, then the sumac, and in winter the small white bells of Eurya. Beekeepers set their hives at the edge of the woods, and the native Chinese bee, small and tireless, works blossom that other bees pass by.',
        'Honey comes in from the villages, is checked for moisture, strained, jarred and given its code. On a busy day 400 kilograms leave for the rest of the country. In 2021 Chengbu sold over 160 tonnes of honey for more than 12 million yuan, which comes to 75 yuan a kilogram.',
        'Four hundred kilograms is what we can pack with care in a day. When that is spoken for, orders move to the next day, and the date on the page is the real one.',
      ].join('\n\n'),
    },
    place: { ...chengbu, township: '儒林镇', label: { 'zh-CN': '湖南·城步', en: 'Chengbu, Hunan' } },
    location: { lat: 26.369, lng: 110.313 },
    image: 'cooperatives/huifeng.svg',
    imageAlt: { 'zh-CN': '山林边的一排蜂箱', en: 'A row of beehives at the edge of a mountain wood' },
  },
  {
    slug: 'huangshaping',
    name: { 'zh-CN': '安化黄沙坪电商直播基地', en: 'Huangshaping Live-Commerce Base, Anhua' },
    tagline: {
      'zh-CN': '资江边的老茶市，如今一播十来个小时',
      en: 'An old tea market on the Zi River, now on air ten hours at a stretch',
    },
    story: {
      'zh-CN': [
        '黄沙坪靠着资江。从前茶叶从山里挑下来，在这里过秤、装船，沿江的木板铺子一家挨一家。现在码头静了，铺子里架起了灯和手机。',
        '冬天天冷，直播间里倒是热的：驻村工作队的队员自己上镜，一场播上10余个小时，把什锦馒头、黑茶和周边村里的土特产一样一样讲给网友听。',
        '馒头现场掰开，茶当面泡。讲不清楚的就去问做的人，问明白了再回来讲。',
      ].join('\n\n'),
      en: [
        'Huangshaping lies along the Zi River. Tea used to come down from the hills on shoulder poles, to be weighed and loaded here in front of a street of plank-fronted shops. The landing is quiet now, and the shops have lamps and phones on tripods.',
        'It may be freezing outside, but the studio is warm. Members of the village work team go before the camera themselves, for more than ten hours at a time, and talk viewers through the assorted mantou, the dark tea and whatever the villages round about have brought in.',
        'Mantou are pulled apart on camera and tea is brewed in front of you. What the host does not know, the host goes and asks.',
      ].join('\n\n'),
    },
    place: {
      province: '湖南省',
      city: '益阳市',
      county: '安化县',
      township: '东坪镇',
      label: { 'zh-CN': '湖南·安化', en: 'Anhua, Hunan' },
    },
    location: { lat: 28.378, lng: 111.222 },
    image: 'cooperatives/huangshaping.svg',
    imageAlt: {
      'zh-CN': '资江边的木板老铺，屋里亮着直播灯',
      en: 'An old plank-fronted shop by the Zi River with a studio lamp lit inside',
    },
  },
  {
    slug: 'nanshan',
    name: { 'zh-CN': '南山牧业', en: 'Nanshan Dairy' },
    tagline: { 'zh-CN': '高山草场上的牛奶', en: 'Milk from a mountain pasture' },
    story: {
      'zh-CN': [
        '南山是城步西南角的一大片高山草场，坡缓，雾多，夏天也要穿长袖。奶牛白天在坡上吃草，傍晚自己认路回栏。',
        '早晚各挤一次奶，挤下来就降温，当天送进车间：一部分做成奶粉和奶片，一部分发酵成酸奶。城步人把奶业看作山里的一份长久营生，种草的、养牛的、开车送奶的，都在这条线上。',
        '南山牧业也带着产品去过上海、南宁的展会。回来之后，该早起挤奶的还是早起挤奶。',
      ].join('\n\n'),
      en: [
        'Nanshan is a broad upland pasture in the southwest corner of Chengbu: gentle slopes, a good deal of fog, and long sleeves even in July. The cows graze the hillside by day and find their own way back to the shed at dusk.',
        'They are milked morning and evening, and the milk is cooled at once and taken to the dairy the same day. Some is dried for powder and tablets, some is cultured into yogurt. Many hands live by it, from those who sow the grass to those who drive the tanker.',
        'Nanshan has carried its goods to trade fairs in Shanghai and Nanning. The morning after, milking began at the usual hour.',
      ].join('\n\n'),
    },
    place: {
      ...chengbu,
      township: '南山镇',
      label: { 'zh-CN': '湖南·城步南山', en: 'Nanshan, Chengbu, Hunan' },
    },
    location: { lat: 26.142, lng: 110.138 },
    image: 'cooperatives/nanshan.svg',
    imageAlt: { 'zh-CN': '云雾里的草坡和几头奶牛', en: 'Dairy cows on a misty green slope' },
  },
  {
    slug: 'chengbu-highland',
    name: { 'zh-CN': '城步高山蔬菜', en: 'Chengbu Highland Growers' },
    tagline: {
      'zh-CN': '高山上的菜、梯田里的米、林子下的鸡',
      en: 'Vegetables from the heights, rice from the terraces, hens from the woods',
    },
    story: {
      'zh-CN': [
        '山下热得睡不着的时候，城步的高坡上早晚还凉。卷心菜、萝卜、辣椒在这样的温差里长得慢，吃起来甜、脆、有味道。2021年，全县高山蔬菜种了20万亩。',
        '坡上是菜，坡下是田。优质稻超过7.5万亩，一年只种一季，秋天收了才有新米。农户在林子下养乌骨鸡，鸡吃虫、吃草，也吃自家的碎米和菜叶。',
        '菜是天没亮就砍的，装筐下山，上午打包。下雨封山的日子会晚一天，我们提前在页面上说。',
      ].join('\n\n'),
      en: [
        'When it is too hot to sleep in the valleys, mornings and evenings on the high slopes of Chengbu are still cool. Cabbage, radish and peppers grow slowly in that swing of temperature and come out sweet, crisp and full of taste. In 2021 the county had some 13,000 hectares (200,000 mu) of highland vegetables.',
        'Below the vegetable plots come the rice terraces, over 75,000 mu of them, with a single crop a year, so new rice means autumn. In between, under the trees, families keep black-bone hens on insects and grass, with broken rice and outer leaves from the kitchen.',
        'Vegetables are cut before daylight, carried down in baskets and packed the same morning. When rain closes the road they leave a day late, and the page says so beforehand.',
      ].join('\n\n'),
    },
    place: {
      ...chengbu,
      township: '兰蓉乡',
      label: { 'zh-CN': '湖南·城步高山', en: 'Chengbu highlands, Hunan' },
    },
    location: { lat: 26.428, lng: 110.462 },
    image: 'cooperatives/chengbu-highland.svg',
    imageAlt: {
      'zh-CN': '高坡上的菜地和山脚的梯田',
      en: 'Vegetable plots on a high slope above rice terraces',
    },
  },
  {
    slug: 'hongfa',
    name: {
      'zh-CN': '宏发苗香梨生产示范基地',
      en: 'Hongfa Miaoxiang Pear Demonstration Orchard',
    },
    tagline: { 'zh-CN': '梨、柑橘、猕猴桃，一个果园接着熟', en: 'Pears, citrus and kiwi, ripening in turn' },
    story: {
      'zh-CN': [
        '基地从苗香梨做起。县里的技术员和本地的“土专家”一起修枝、疏果、套袋，哪一块地用什么肥、哪一天采，都记在本子上，周边农户照着学。',
        '后来坡上添了红美人柑橘、猕猴桃和百香果。夏天摘梨和百香果，秋天摘猕猴桃，冬天轮到红美人，一年里大半时间有果子下树，来做工的人也就大半年有活干。',
        '果子不赶早市。糖度够了才剪，压伤的留下来自己吃。',
      ].join('\n\n'),
      en: [
        'It began with Miaoxiang pears. County agronomists and local growers who had learned the trade by doing it pruned, thinned and bagged the fruit side by side, and wrote down what each plot was fed and the day it was picked. Neighbouring families copied the notebook.',
        'Hong Mei Ren citrus, kiwi and passion fruit were planted later. Pears and passion fruit fill the summer, kiwi the autumn, citrus the winter, so there is picking for most of the year, and wages with it.',
        'Nothing is rushed to market. Fruit is cut when the sugar is there, and the bruised ones are eaten at home.',
      ].join('\n\n'),
    },
    place: { ...chengbu, township: '西岩镇', label: { 'zh-CN': '湖南·城步', en: 'Chengbu, Hunan' } },
    location: { lat: 26.548, lng: 110.292 },
    image: 'cooperatives/hongfa.svg',
    imageAlt: { 'zh-CN': '坡地果园里套着纸袋的梨树', en: 'Pear trees with bagged fruit on an orchard slope' },
  },
  {
    slug: 'tongcha',
    name: {
      'zh-CN': '有机桐茶标准化生产示范基地',
      en: 'Organic Tung Tea Standardised Production Base',
    },
    tagline: {
      'zh-CN': '城步山里的桐茶和青钱柳',
      en: 'Tung tea and wheel-wingnut leaf from the Chengbu hills',
    },
    story: {
      'zh-CN': [
        '桐茶是城步的老茶，本地也写作“峒茶”，树高叶大，采茶常要搭梯子。基地把一家一户的做法写成一套标准：哪天采、采几叶、锅温多少、摊多厚，新手照着也做得出来。',
        '山谷里还长着青钱柳，叶子像一串串铜钱。春天采嫩叶，用炒茶的锅炒干，泡出来自带一点甜。',
        '地里的事都有记录，茶园、加工和装袋的批次对得上，袋子上的码扫得出来。',
      ].join('\n\n'),
      en: [
        'Tung tea is the old tea of Chengbu. It grows on trees rather than hedges, large-leaved and tall enough that pickers bring ladders. The base turned what each family did by feel into a written standard, from the day of picking and the number of leaves to the heat of the pan and the depth of the withering layer, so that a newcomer can follow it.',
        'In the same valleys grows the wheel wingnut, qingqianliu, whose seeds hang like strings of old coins. Its young leaves are picked in spring and pan-dried like tea, and brew with a sweetness of their own.',
        'Garden, workshop and packing room keep one set of records, and the code on the bag leads to it.',
      ].join('\n\n'),
    },
    place: { ...chengbu, township: '汀坪乡', label: { 'zh-CN': '湖南·城步', en: 'Chengbu, Hunan' } },
    location: { lat: 26.222, lng: 110.418 },
    image: 'cooperatives/tongcha.svg',
    imageAlt: {
      'zh-CN': '山坡上高高的老茶树和一架木梯',
      en: 'Tall old tea trees on a hillside with a wooden ladder',
    },
  },
  {
    slug: 'chunmuping',
    name: {
      'zh-CN': '凤凰县廖家桥镇椿木坪村茶叶厂',
      en: 'Chunmuping Village Tea Factory, Liaojiaqiao, Fenghuang',
    },
    tagline: { 'zh-CN': '村里终于有了自己的茶叶厂', en: 'At last, a tea factory of their own' },
    story: {
      'zh-CN': [
        '“村里终于有了自己的茶叶厂，以后我们也可以自己炒茶了。”这句话是老人们在村口的小广场上说的，头顶是新装的太阳能路灯。',
        '以前鲜叶摘下来，要赶着背到镇上去卖，去晚了叶子发热，价钱就下来。现在厂在村里，上午采，下午摊青，晚上就上锅，鲜叶钱和工钱都留在村里。',
        '厂子不大，两口锅、一台揉捻机、一间烘房。只做两样：春天的绿茶，和入夏后的红茶。',
      ].join('\n\n'),
      en: [
        '“The village has its own tea factory at last. Now we can fire our own tea.” That was said by the old people on the little square, under the new solar street lamps.',
        'Fresh leaf used to be carried to town in a hurry, and by the time it arrived warm the price had dropped. Now it is picked in the morning, spread in the afternoon and in the pan by night, and the money for leaf and labour both stays at home.',
        'The factory is small: two pans, one rolling machine, one drying room. It makes two teas, green in spring and black from early summer.',
      ].join('\n\n'),
    },
    place: {
      province: '湖南省',
      city: '湘西土家族苗族自治州',
      county: '凤凰县',
      township: '廖家桥镇',
      label: { 'zh-CN': '湖南·凤凰椿木坪', en: 'Chunmuping, Fenghuang, Hunan' },
    },
    location: { lat: 27.924, lng: 109.548 },
    image: 'cooperatives/chunmuping.svg',
    imageAlt: {
      'zh-CN': '村口广场边的小茶叶厂和太阳能路灯',
      en: 'A small tea factory beside a village square with a solar lamp',
    },
  },
  {
    slug: 'datang',
    name: {
      'zh-CN': '永州市零陵区大塘村农业种植专业合作社',
      en: 'Datang Village Growers’ Cooperative, Lingling, Yongzhou',
    },
    tagline: { 'zh-CN': '2000亩沃柑，盖着薄膜过冬', en: '2,000 mu of orah mandarins, wintering under film' },
    story: {
      'zh-CN': [
        '大塘村的沃柑有2000亩。它熟得晚，要在树上过冬，怕的就是霜冻。寒潮来的那天，30多名党员和群众上山，一垄一垄地给果树盖薄膜，要赶在降温前盖完。',
        '膜不只挡霜，也让果子少淋雨，皮面干净。过了年，膜一揭开，黄澄澄的一片，从冬末采到春天。',
        '天气说了算的生意，我们不把话说满：冻坏了的不发，能发多少，页面上就挂多少。',
      ].join('\n\n'),
      en: [
        'Datang has 2,000 mu of orah mandarins, about 130 hectares. The fruit ripens late and spends the winter on the tree, where frost is the danger. When a cold wave came, more than thirty Party members and villagers climbed the slopes and covered the rows with film, one after another, to be done before the temperature fell.',
        'The film keeps off rain as well as frost, so the skins stay clean. After the New Year it comes off and the hillside is orange. Picking runs from the end of winter into spring.',
        'The weather has the last word here, so we do not promise more than we have. Frosted fruit is not sent, and the stock on the page is the stock on the trees.',
      ].join('\n\n'),
    },
    place: {
      province: '湖南省',
      city: '永州市',
      county: '零陵区',
      label: { 'zh-CN': '湖南·永州零陵', en: 'Lingling, Yongzhou, Hunan' },
    },
    location: { lat: 26.221, lng: 111.631 },
    image: 'cooperatives/datang.svg',
    imageAlt: { 'zh-CN': '盖着薄膜的沃柑园', en: 'Rows of orah mandarin trees covered with film' },
  },
  {
    slug: 'village-mill',
    name: { 'zh-CN': '老校舍粉坊', en: 'The Schoolhouse Mill' },
    tagline: {
      'zh-CN': '旧小学改的粉坊，磨红薯、土豆、藕和葛根',
      en: 'Sweet potato, potato, lotus root and kudzu, milled in an old primary school',
    },
    story: {
      'zh-CN': [
        '村里的中心小学并走以后，校舍空了好几年。驻村工作队和村民一起把它修好，装上清洗、打浆、沉淀、烘干的设备，教室成了车间，操场用来晒粉。',
        '先做的是红薯和土豆淀粉，之后分步添上藕粉和葛根粉。做法还是老做法：打浆、过滤、沉淀，换几遍清水，只是换成了不锈钢的池子和烘房，下雨天也不用收场子。',
        '谁家有红薯都可以背来，过秤记账。黑板没有拆，上面写着当天的收购数。',
      ].join('\n\n'),
      en: [
        'After the central primary school moved away, its building stood empty for years. The work team and the villagers repaired it and put in machines to wash, pulp, settle and dry. Classrooms became workrooms, and the playground became the drying floor.',
        'Sweet-potato and potato starch came to begin with, lotus-root starch and kudzu powder step by step after that. The method is the old one, pulping, straining, and letting the starch sink through several changes of water. Only the tanks are steel now, and with a drying room nobody has to run when it rains.',
        'Anyone with sweet potatoes can bring them to be weighed and written down. The blackboard was left on the wall, and it shows what came in today.',
      ].join('\n\n'),
    },
    // The source does not say where the village is: county and coordinates are chosen for the demonstration.
    place: {
      province: '湖南省',
      city: '邵阳市',
      county: '隆回县',
      label: { 'zh-CN': '湖南山村（未具名）', en: 'A village in Hunan (not named)' },
    },
    location: { lat: 27.114, lng: 111.032 },
    image: 'cooperatives/village-mill.svg',
    imageAlt: {
      'zh-CN': '改成粉坊的老校舍，操场上晒着淀粉',
      en: 'An old schoolhouse turned mill, with starch drying on the playground',
    },
  },
  {
    slug: 'songrong',
    name: { 'zh-CN': '松茸村与葡萄园', en: 'Matsutake Village and Vineyard' },
    tagline: {
      'zh-CN': '山上采菌，坡下种葡萄，也等你来走走',
      en: 'Mushrooms on the hill, grapes below it, and paths for visitors',
    },
    story: {
      'zh-CN': [
        '这个村子和驻村工作队坐下来，把老路子和山里有的东西都摆出来，定下了三样营生：烤烟、松茸菌、旅游。烤烟不在这里卖，松茸菌和风景可以。',
        '菌子长在松林里，雨后天没亮上山，走熟了的人才知道哪块坡先出。采完把土盖回去，明年还有。',
        '坡下是葡萄。种葡萄的人以前愁销路，工作队帮着一家家去跑，那年的销售收入比上一年多了20%。',
      ].join('\n\n'),
      en: [
        'The village sat down with its work team, laid out what it had always done and what the hills held, and settled on three livelihoods: tobacco, matsutake and travel. Tobacco is not sold here. The mushrooms and the view can be had.',
        'Matsutake come up in the pine woods after rain. Pickers leave before daylight, and only those who know the slopes know which will bear. The soil is pressed back after each one, so that there is something to find next year.',
        'Below the woods grow grapes. Their grower used to worry about buyers. The team went from door to door to find them, and that year’s takings rose by 20 per cent.',
      ].join('\n\n'),
    },
    // The source does not say where these villages are: county and coordinates are chosen for the demonstration.
    place: {
      province: '湖南省',
      city: '张家界市',
      county: '桑植县',
      label: { 'zh-CN': '湖南山村（未具名）', en: 'A village in Hunan (not named)' },
    },
    location: { lat: 29.4, lng: 110.164 },
    image: 'cooperatives/songrong.svg',
    imageAlt: {
      'zh-CN': '松林边的村子和坡下的葡萄架',
      en: 'A village at the edge of pine woods, with grape trellises below',
    },
  },
];
