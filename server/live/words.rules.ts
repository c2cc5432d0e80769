import type { ListedWord } from './moderation.rules.ts';

/**
 * Finds listed words however they are dressed up: full-width, traditional characters, spaces or stars between the
 * characters, invisible signs, letters of other scripts that look alike, digits for letters, and pinyin.
 */

/** Traditional -> simplified, for what is written in a chat: pairs, one after the other. */
const PAIRS =
  '萬万與与專专業业東东絲丝兩两嚴严喪丧豐丰臨临為为麗丽舉举義义烏乌樂乐喬乔習习鄉乡書书買买亂乱爭争虧亏雲云亞亚產产畝亩親亲億亿僅仅從从侖仑倉仓儀仪們们價价眾众優优會会傘伞偉伟傳传傷伤倫伦偽伪體体餘余傭佣債债傾倾償偿儲储兒儿' +
  '黨党蘭兰關关興兴養养獸兽內内岡冈冊册寫写軍军農农馮冯沖冲決决況况凍冻淨净涼凉減减幾几鳳凤憑凭凱凯擊击劃划劉刘則则剛刚創创刪删別别劑剂劇剧勸劝辦办務务動动勵励勁劲勞劳勢势區区醫医華华協协單单賣卖盧卢衛卫卻却廠厂廳厅歷历曆历厲厉壓压厭厌縣县參参雙双發发髮发變变敘叙葉叶號号嘆叹嚇吓嗎吗啟启吳吴員员聽听' +
  '週周響响嘩哗喚唤嘍喽團团園园圍围國国圖图圓圆聖圣場场壞坏塊块堅坚壇坛墳坟墜坠壟垄墊垫塵尘牆墙壯壮聲声殼壳壺壶處处備备復复複复夠够頭头誇夸夾夹奪夺奮奋獎奖奧奥婦妇媽妈嬌娇孫孙學学寧宁寶宝實实寵宠審审憲宪宮宫寬宽賓宾對对尋寻導导壽寿將将爾尔塵尘嘗尝堯尧屍尸盡尽層层屆届屬属歲岁豈岂島岛嶺岭' +
  '幣币帥帅師师帳帐帶带幫帮廣广莊庄慶庆廬庐庫库應应廟庙廢废開开異异棄弃張张彈弹強强歸归當当錄录徹彻徑径憶忆懷怀態态憐怜總总戀恋懇恳惡恶惱恼悅悦驚惊懼惧慘惨慣惯憤愤願愿懶懒戲戏戰战戶户撲扑執执擴扩掃扫揚扬擾扰撫抚拋抛搶抢護护報报擔担擬拟攏拢揀拣擁拥攔拦擰拧撥拨擇择掛挂摯挚揮挥損损換换撿捡據据' +
  '敵敌數数齋斋鬥斗斷断無无舊旧時时曠旷曬晒曉晓暈晕暫暂術术機机殺杀雜杂權权條条來来楊杨極极構构槍枪柵栅標标棧栈樹树樣样橋桥檢检樓楼歡欢歐欧殘残氣气氫氢漢汉湯汤溝沟沒没滬沪淚泪瀉泻潑泼澤泽潔洁灑洒澆浇濁浊測测濟济瀏浏渾浑濃浓濤涛潤润漲涨澀涩淵渊漸渐漁渔溫温灣湾濕湿滅灭燈灯靈灵爐炉點点煉炼爛烂燒烧燙烫熱热愛爱爺爷犧牺狀状猶犹獨独獄狱豬猪貓猫獻献環环現现瑪玛' +
  '電电畫画暢畅療疗瘋疯癢痒皺皱盞盏鹽盐監监蓋盖盤盘瞞瞒睜睁礦矿碼码磚砖確确禮礼禍祸離离種种積积稱称穩稳窮穷竊窃競竞筆笔築筑簽签簡简籃篮類类糧粮緊紧紅红約约級级紀纪純纯網网紙纸紛纷線线練练組组細细織织終终紹绍經经結结繞绕給给絕绝統统絹绢綁绑繼继續续綠绿維维綜综緩缓編编緣缘縮缩績绩繳缴罰罚羅罗聯联聰聪肅肃腸肠膚肤腎肾腫肿脹胀脅胁勝胜腦脑膽胆臉脸臟脏艦舰藝艺節节蘇苏蘋苹薦荐藥药獲获營营蕭萧藍蓝虛虚蟲虫雖虽補补裝装襲袭見见觀观規规視视覺觉覽览觸触' +
  '計计訂订認认討讨讓让議议訊讯記记講讲許许論论設设訪访證证評评識识詐诈訴诉詞词譯译試试詩诗話话誠诚該该詳详語语誤误說说請请諸诸讀读課课誰谁調调談谈謝谢謊谎譴谴讚赞貝贝負负貢贡財财責责賢贤敗败賬账貨货質质販贩貪贪購购貴贵貸贷費费賀贺資资賭赌賞赏賠赔賴赖賺赚賽赛贊赞贈赠贏赢趙赵趕赶躍跃踐践車车軟软轉转輪轮輛辆輸输輕轻較较載载輔辅輝辉邊边達达遷迁過过運运還还這这進进遠远違违連连遲迟適适選选遺遗鄧邓鄭郑醬酱釋释裏里裡里鑒鉴針针釣钓鈔钞鋼钢錢钱鐵铁鉛铅銀银銷销鎖锁錯错鍵键鏡镜鐘钟長长門门閃闪閉闭問问間间聞闻閱阅隊队陽阳陰阴陣阵階阶際际陸陆陳陈險险隨随隱隐難难靜静頁页頂顶項项順顺須须預预領领頻频題题額额顏颜風风飛飞飯饭飲饮餓饿館馆馬马駕驾罵骂驗验騙骗騷骚髒脏魚鱼鮮鲜鳥鸟雞鸡鴨鸭麥麦麵面黃黄齊齐齒齿齡龄龍龙龜龟徵征妳你姦奸賤贱麼么';

const SIMPLIFIED = new Map<string, string>();
const characters = [...PAIRS];
for (let at = 0; at + 1 < characters.length; at += 2) SIMPLIFIED.set(characters[at]!, characters[at + 1]!);

/** Letters of other scripts that pass for Latin ones at a glance. */
const LOOKALIKES: Record<string, string> = {
  ...{
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ѕ: 's',
    ԁ: 'd',
    һ: 'h',
    к: 'k',
    м: 'm',
    т: 't',
  },
  ...{
    α: 'a',
    ο: 'o',
    ρ: 'p',
    ν: 'v',
    ι: 'i',
    κ: 'k',
    υ: 'u',
    χ: 'x',
    ω: 'w',
    в: 'b',
    н: 'h',
    ɡ: 'g',
    ı: 'i',
  },
};

/** Digits as people write them who do not want to be read by a machine. */
const NUMERALS: Record<string, string> = {
  ...{ 零: '0', 〇: '0', 一: '1', 二: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8', 九: '9' },
  ...{
    壹: '1',
    贰: '2',
    貳: '2',
    叁: '3',
    參: '3',
    肆: '4',
    伍: '5',
    陆: '6',
    陸: '6',
    柒: '7',
    捌: '8',
    玖: '9',
  },
  ...{ o: '0', l: '1', i: '1', z: '2', s: '5', b: '8' },
};

const LETTERS_FOR_DIGITS: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };

/** What is left of a text when everything that does not sound is taken out. */
export function plain(text: string): string {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return [...folded].map((one) => SIMPLIFIED.get(one) ?? LOOKALIKES[one] ?? one).join('');
}

const replaced = (text: string, table: Record<string, string>) =>
  [...text].map((one) => table[one] ?? one).join('');

/** Reads Han characters aloud: one syllable without a tone each, in their order. */
export type ReadAloud = (han: string) => string[];

interface Compiled {
  word: ListedWord;
  plain: string;
  /** For words with digits in them; undefined for others. */
  digits: string | undefined;
  /** For words of Latin letters only. */
  letters: string | undefined;
  /** Of two Han characters or more: what they sound like. */
  sound: string | undefined;
}

export type WordList = readonly Compiled[];

export interface Match {
  text: string;
  verdict: ListedWord['verdict'];
}

/** A sound this short is in too many innocent sentences. */
const SHORTEST_SOUND = 6;

export function compileWords(words: readonly ListedWord[], read: ReadAloud): WordList {
  return words.flatMap((word) => {
    const bare = plain(word.text);
    if (bare === '') return [];
    const sound = /^\p{Script=Han}{2,}$/u.test(bare) ? read(bare).join('') : undefined;
    return [
      {
        word,
        plain: bare,
        digits: /\d/.test(bare) ? replaced(bare, NUMERALS) : undefined,
        letters: /^[a-z]+$/.test(bare) ? replaced(bare, { l: 'i' }) : undefined,
        sound: sound !== undefined && sound.length >= SHORTEST_SOUND ? sound : undefined,
      },
    ];
  });
}

/**
 * The gravest of what is found: to be refused before to be held. What only sounds like a word is held, whatever the
 * list says of it: sounds are shared by innocent words, and somebody should look.
 */
export function matchWords(list: WordList, text: string, read: ReadAloud): Match | undefined {
  if (list.length === 0) return undefined;
  const bare = plain(text);
  const forms = {
    digits: replaced(bare, NUMERALS),
    letters: replaced(replaced(bare, LETTERS_FOR_DIGITS), { l: 'i' }),
    words: latinWords(text),
  };
  const found = list.filter((one) => isIn(one, bare, forms));
  const gravest = found.find(({ word }) => word.verdict === 'refuse') ?? found[0];
  if (gravest) return { text: gravest.word.text, verdict: gravest.word.verdict };
  const sounds = syllables(text, read);
  const heard = list.find(({ sound }) => sound !== undefined && isHeard(sounds, sound));
  return heard && { text: heard.word.text, verdict: 'hold' };
}

/** Latin words stand for themselves: "class" is not rude. Spelled out with gaps they are found all the same. */
function isIn(
  one: Compiled,
  bare: string,
  forms: { digits: string; letters: string; words: readonly string[] },
): boolean {
  if (one.letters !== undefined) {
    return (
      forms.words.includes(one.letters) || (one.plain.length >= 5 && forms.letters.includes(one.letters))
    );
  }
  if (bare.includes(one.plain)) return true;
  return one.digits !== undefined && forms.digits.includes(one.digits);
}

/** Words as they are separated, single letters in a row being one word. */
function latinWords(text: string): string[] {
  const spelled = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/(?<![\p{L}\p{N}])([\p{L}\p{N}])[^\p{L}\p{N}]+(?=[\p{L}\p{N}](?![\p{L}\p{N}]))/gu, '$1');
  return spelled
    .split(/[^\p{L}\p{N}]+|(?<=\p{Script=Han})|(?=\p{Script=Han})/u)
    .filter(Boolean)
    .map((word) => replaced(replaced(plain(word), LETTERS_FOR_DIGITS), { l: 'i' }));
}

/** The text as it sounds: Han characters by syllable, typed letters as they are. */
function syllables(text: string, read: ReadAloud): string[] {
  const runs = plain(text).match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? [];
  return runs.flatMap((run) => (/^\p{Script=Han}/u.test(run) ? read(run) : [run]));
}

/** From the beginning of a syllable to the end of one; typed letters may hold several. */
function isHeard(sounds: readonly string[], sound: string): boolean {
  return sounds.some((first, start) => {
    if (first.length > sound.length) return /[a-z]/.test(first) && first.includes(sound);
    let heard = '';
    for (let at = start; at < sounds.length && heard.length < sound.length; at += 1) heard += sounds[at]!;
    return heard === sound;
  });
}

const ASKS =
  /[?？]|吗|呢|么[?？]?$|嘛[?？]?$|怎么|咋|什么|啥|多少|几[天斤两个元块钱号点]|哪[里儿个种天些]?|谁|为何|为什么|能不能|可不可以|是不是|有没有|会不会|要不要|好不好|甜不甜|酸不酸|包邮不|发货不/u;
const ASKS_IN_ENGLISH =
  /^(?:how|what|when|where|which|who|why|is|are|do|does|did|can|could|will|would|may|should)\b/i;

/** Whether a message reads like a question; in doubt it is one, as a question overlooked is worse. */
export function isQuestion(text: string): boolean {
  const bare = [...text.normalize('NFKC')].map((one) => SIMPLIFIED.get(one) ?? one).join('');
  return ASKS.test(bare) || ASKS_IN_ENGLISH.test(bare.trim());
}
