import { pinyin } from 'pinyin-pro';
import { describe, expect, test } from 'vitest';
import { compileWords, isQuestion, matchWords, plain } from '../../server/live/words.rules.ts';

const read = (han: string) => pinyin(han, { toneType: 'none', type: 'array', v: true });
const list = compileWords(
  [
    { text: '加微信', verdict: 'refuse' },
    { text: '骗子', verdict: 'refuse' },
    { text: 'scam', verdict: 'refuse' },
    { text: '私聊', verdict: 'hold' },
    { text: '微信13800', verdict: 'refuse' },
  ],
  read,
);
const found = (text: string) => matchWords(list, text, read)?.verdict;

describe('a listed word', () => {
  test.each([
    ['as it is', '快加微信吧'],
    ['with spaces', '加 微 信'],
    ['with stars and dots', '加*微。信'],
    ['with invisible signs', '加\u200B微\u2060信'],
    ['in traditional characters', '這裡有騙子'],
    ['with accents put over it', '骗\u0301子\u0336'],
    ['in full width', 'ｓｃａｍ'],
    ['spelled out', 's c a m'],
    ['in letters of another script', 'ѕсаm'],
    ['with digits for letters', '5c4m'],
    ['with a number in characters', '微信一三八零零'],
    ['with a number in circles', '微信①③⑧〇o'],
  ])('is refused %s', (_how, text) => expect(found(text)).toBe('refuse'));

  test.each([
    ['in pinyin', 'jia wei xin'],
    ['half in pinyin', '加wei信'],
    ['in other characters of the same sound', '家威信'],
  ])('is held for a look %s, because a sound may be innocent', (_how, text) =>
    expect(found(text)).toBe('hold'),
  );

  test('is held when the list says so, and refusal goes before', () => {
    expect(found('私聊我')).toBe('hold');
    expect(found('私聊我加微信')).toBe('refuse');
  });

  test.each(['这蜂蜜真好', '微信支付可以吗', 'scamper', 'class', '加一斤橘子', '一三八', '', '🍊🍊'])(
    'is not found in %j',
    (text) => expect(found(text)).toBeUndefined(),
  );

  test('that is nothing but signs matches nothing', () => {
    expect(compileWords([{ text: '***', verdict: 'refuse' }], read)).toEqual([]);
  });

  test('takes no time to speak of in a long text', () => {
    expect(matchWords(list, '加'.repeat(200), read)).toBeUndefined();
    expect(plain('Ａ b-Ｃ')).toBe('abc');
  });
});

describe('a question', () => {
  test.each([
    '这个甜吗',
    '怎麼保存',
    '多少钱一斤',
    '几天能到',
    '有没有小包装',
    'how long does it keep',
    '好吃？',
  ])('is known in %j', (text) => expect(isQuestion(text)).toBe(true));
  test.each(['来了来了', '上次买的很好', '支持主播', 'nice honey', '收到货了'])('is not seen in %j', (text) =>
    expect(isQuestion(text)).toBe(false),
  );
});
