import type { CertificateKind } from './catalog.rules.ts';

/** Words that say something which only a certificate may say. */
export interface ClaimRule {
  id: string;
  /** In any language; a word of letters stands alone, one of Han characters anywhere. */
  words: readonly string[];
  /** Phrases in which those words say nothing of the kind. */
  except: readonly string[];
  /** Any one of these certificates allows them. */
  kinds: readonly CertificateKind[];
  active: boolean;
}

/** A claim in a text, by its place there (UTF-16, as strings count). */
export interface Claim {
  rule: string;
  kinds: readonly CertificateKind[];
  /** As it was written. */
  word: string;
  start: number;
  end: number;
}

export interface CompiledRules {
  find(text: string): Claim[];
}

/**
 * What people put between the letters of a word so that it is not found: blanks, dots, dashes, brackets. A comma, a
 * full stop and a line break part words for real: "没有。机会" holds no claim.
 */
const SOFT = String.raw`[ \t\u00a0\u3000·・•‧.\-_*|/\\~^+='"“”‘’「」『』《》()（）\[\]【】#]*`;

/** Nobody spaces out a longer text than this on purpose, and nobody reads it as one word. */
const LATIN = /[a-z0-9]/;

/** Traditional characters that words about food are written with, and what they are in simplified writing. */
const TRADITIONAL = new Map(
  Array.from(
    '機机綠绿無无產产標标識识證证認认農农純纯類类國国質质養养鮮鲜環环態态優优級级檢检測测報报體体會会構构關关' +
      '場场製制動动種种樣样獲获險险驗验貢贡長长壽寿選选藥药殘残園园區区鄉乡鎮镇縣县豬猪雞鸡鴨鸭魚鱼蝦虾麥麦' +
      '穀谷葉叶醬酱釀酿醫医療疗補补雲云廣广東东華华蘭兰蘇苏漢汉貴贵銀银錢钱歲岁齡龄條条達达過过轉转連连運运' +
      '進进還还這这開开門门問问間间聞闻頭头題题顏颜馬马驚惊點点齊齐龍龙豐丰樂乐習习書书買买賣卖親亲觀观規规' +
      '記记許许設设評评說说請请論论證证護护讓让變变費费資资質质車车軟软輕轻輸输辦办邊边遠远適适郵邮釋释針针' +
      '鐵铁錄录鍋锅鎖锁隊队陽阳陰阴際际陸陆難难電电靈灵響响順顺須须預预領领風风飛飞飯饭飲饮餘余館馆饋馈',
  ).reduce<[string, string][]>((pairs, character, index, all) => {
    if (index % 2 === 0) pairs.push([character, all[index + 1]!]);
    return pairs;
  }, []),
);

/** Letters of other scripts, and digits among letters, that pass for Latin ones. */
const LOOKALIKES = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    х: 'x',
    у: 'y',
    і: 'i',
    ο: 'o',
    α: 'a',
    ι: 'i',
    ɡ: 'g',
    ı: 'i',
  }),
);
const DIGITS: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '@': 'a' };

/** Format characters, accents and variation selectors (both marks), and the Hangul fillers. */
const UNSEEN = /\p{Cf}|\p{Mn}|\u115f|\u1160|\u3164/u;

/** A text in the form in which words are compared, and where each of its characters stood. */
function folded(text: string): { text: string; at: number[] } {
  let out = '';
  const at: number[] = [];
  const put = (same: string, here: number) => {
    out += same;
    for (let unit = 0; unit < same.length; unit += 1) at.push(here);
  };
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    // Nearly all text is of these two ranges, and needs no tables of Unicode.
    if (code < 128) put(code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : text[place]!, place);
    else if (code >= 0x4e00 && code <= 0x9fff) put(TRADITIONAL.get(text[place]!) ?? text[place]!, place);
    else {
      const character = String.fromCodePoint(text.codePointAt(place)!);
      for (const one of character.normalize('NFKD').toLowerCase()) {
        if (!UNSEEN.test(one)) put(TRADITIONAL.get(one) ?? LOOKALIKES.get(one) ?? one, place);
      }
      place += character.length - 1;
    }
  }
  at.push(text.length);
  return { text: withoutDigits(out), at };
}

/** `0rganic` is read as it is meant; the length stays, so that places stay. */
function withoutDigits(text: string): string {
  return text.replace(/(?<=[a-z])[0134@]|[0134@](?=[a-z])/g, (digit) => DIGITS[digit] ?? digit);
}

/** A word as a pattern: with anything soft between its characters, alone where it is made of letters. */
function patternOf(word: string): string | undefined {
  const characters = [...folded(word.trim()).text];
  const bare = characters.filter((one) => !/[\s\-.·]/.test(one));
  if (bare.length === 0) return undefined;
  // Three letters with blanks between them are initials or a list, not a word taken apart.
  const solid = bare.length <= 3 && bare.every((one) => LATIN.test(one));
  const body = bare.map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join(solid ? '' : SOFT);
  const before = LATIN.test(bare[0]!) ? '(?<![a-z0-9])' : '';
  const after = LATIN.test(bare.at(-1)!) ? '(?![a-z0-9])' : '';
  return before + body + after;
}

function spansOf(pattern: RegExp | undefined, text: string): [number, number][] {
  if (!pattern) return [];
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

/** Longer words first: of two that begin at the same place the longer one is meant. */
function anyOf(words: readonly string[]): RegExp | undefined {
  const patterns = [...words]
    .sort((a, b) => b.length - a.length)
    .map(patternOf)
    .filter((pattern) => pattern !== undefined);
  return patterns.length > 0 ? new RegExp(patterns.join('|'), 'g') : undefined;
}

/** Makes rules ready for many texts. */
export function compileRules(rules: readonly ClaimRule[]): CompiledRules {
  const ready = rules
    .filter(({ active }) => active)
    .map(({ id, kinds, words, except }) => ({ id, kinds, words: anyOf(words), except: anyOf(except) }));
  return {
    find(text) {
      if (text === '' || ready.length === 0) return [];
      const { text: plain, at } = folded(text);
      const claims = ready.flatMap(({ id, kinds, words, except }) => {
        const hits = spansOf(words, plain);
        if (hits.length === 0) return [];
        const harmless = spansOf(except, plain);
        return hits
          .filter(([from, to]) => !harmless.some(([start, end]) => start <= from && to <= end))
          .map(([from, to]) => {
            const [start, end] = [at[from]!, endOf(text, at, to)];
            return { rule: id, kinds, word: text.slice(start, end), start, end };
          });
      });
      return claims.sort((a, b) => a.start - b.start);
    },
  };
}

/** Where the character before a place of the folded text ends in the original: what is unseen after it stays out. */
function endOf(text: string, at: readonly number[], to: number): number {
  const last = at[to - 1]!;
  return last + String.fromCodePoint(text.codePointAt(last)!).length;
}

/** Whether claims of these kinds may be made. */
export type IsAllowed = (kinds: readonly CertificateKind[]) => boolean;

export function unproven(rules: CompiledRules, text: string, isAllowed: IsAllowed): Claim[] {
  return rules.find(text).filter(({ kinds }) => !isAllowed(kinds));
}

/** A sentence with what ends it: Chinese and Western full stops, and the end of a line. */
const SENTENCE = /[^。！？；!?;\n]*?(?:[。！？；!?;]+["”’」』]?|\.(?=\s|$)|\n+|$)\s*/gy;

/**
 * A text without what it may not say: in prose the sentence goes, so that nothing false is left of it; in a title, or
 * where no sentence is left, the word.
 */
export function withoutClaims(text: string, claims: readonly Claim[], style: 'title' | 'prose'): string {
  if (claims.length === 0) return text;
  if (style === 'prose') {
    const kept = text.split(/(\n\s*\n)/).map((part, index, parts) => {
      if (index % 2 === 1) return part;
      const from = parts.slice(0, index).join('').length;
      return sentencesOf(part)
        .filter(({ start, end }) => !claims.some((one) => one.start < from + end && one.end > from + start))
        .map((sentence) => sentence.text)
        .join('');
    });
    const prose = kept
      .join('')
      .replaceAll(/\n\s*\n(\s*\n)+/g, '\n\n')
      .trim();
    if (prose !== '') return prose;
  }
  return withoutWords(text, claims);
}

function sentencesOf(text: string): { text: string; start: number; end: number }[] {
  const found: { text: string; start: number; end: number }[] = [];
  for (const match of text.matchAll(SENTENCE)) {
    if (match[0] === '') break;
    found.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function withoutWords(text: string, claims: readonly Claim[]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of claims) {
    if (start > from) out += text.slice(from, start);
    from = Math.max(from, end);
  }
  out += text.slice(from);
  return out
    .replaceAll(/[（(【「]\s*[）)】」]/g, '')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .replaceAll(/\s+([，。,.;；!！?？])/g, '$1')
    .trim();
}
