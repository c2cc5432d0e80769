import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { DEFAULT_LANG, type Lang } from '../../server/platform/lang.ts';
import { until } from './client.ts';
import type { House } from './house.ts';
import type { Look, Visitor } from './visitor.ts';

/** A live room as somebody in it sees it. Found by what its script holds on to, so that its looks may change. */
export interface RoomPage {
  page: Page;
  room: Locator;
  /** The product that the host shows. */
  pinned: Locator;
  buyPinned: Locator;
  sheet: Locator;
  confirm: Locator;
  refusal: Locator;
  receipt: Locator;
  chat: Locator;
  toast: Locator;
  /** The line that says that the connection is lost. */
  line: Locator;
  say(text: string): Promise<void>;
  item(sku: string): Locator;
  /** The button that buys something on the shelf. */
  buyItem(sku: string): Locator;
}

export function roomOf(page: Page): RoomPage {
  const pinned = page.locator('[data-pinned]');
  const sheet = page.locator('dialog[data-buy-sheet]');
  const words = page.locator('[data-say] input[name="text"]');
  return {
    page,
    room: page.locator('[data-room]'),
    pinned,
    buyPinned: pinned.locator('button[type="submit"]'),
    sheet,
    confirm: sheet.locator('[data-buy-confirm]'),
    refusal: sheet.getByRole('alert'),
    receipt: sheet.locator('[data-receipt]'),
    chat: page.locator('[data-chat]'),
    toast: page.locator('[data-toast]'),
    line: page.locator('[data-connection]'),
    async say(text) {
      await words.fill(text);
      await words.press('Enter');
    },
    item: (sku) => page.locator(`[data-item="${sku}"]`),
    buyItem: (sku) => page.locator(`[data-item="${sku}"] [data-buy] button:not([data-basket-add])`),
  };
}

/** The same, with whoever has opened it. */
export type OwnRoomPage = RoomPage & { visitor: Visitor };

/** Opens a room and waits until its line to the shop stands. */
export async function enterRoom(house: House, live: string, look?: Look): Promise<OwnRoomPage> {
  const visitor = await house.come(look);
  const room = { ...roomOf(visitor.page), visitor };
  await room.page.goto(`/live/${live}`);
  await isConnected(room);
  return room;
}

export async function isConnected({ page }: { page: Page }) {
  await page.locator('[data-line="connected"]').waitFor();
}

export type Face = 'scheduled' | 'live' | 'ended';

/** Waits until the room shows this face, as its visitor sees it. */
export async function showsFace(house: House, { page }: RoomPage, face: Face, lang?: Lang) {
  const title = (key: string) => page.getByText(house.t(`live.room.${key}`, {}, lang), { exact: true });
  await page.locator(`[data-room][data-state="${face}"]`).waitFor();
  await title('soonTitle').waitFor({ state: face === 'scheduled' ? 'visible' : 'hidden' });
  await title('endedTitle').waitFor({ state: face === 'ended' ? 'visible' : 'hidden' });
}

/** What a room says, in the words of its page. */
export interface RoomState {
  state: string;
  pinned: string | null;
  /** By SKU: the sentence that says what is left. */
  left: Record<string, string>;
  chat: string[];
  likes: string;
}

const READ_ROOM = `(() => {
  const pinned = document.querySelector('[data-pinned]');
  const text = (selector, root = document) => root.querySelector(selector).textContent;
  return {
    state: document.querySelector('[data-room]').dataset.state,
    pinned: pinned.hidden ? null : pinned.querySelector('[name="sku"]').value,
    left: Object.fromEntries(
      [...document.querySelectorAll('[data-item]')].map((row) => [row.dataset.item, text('[data-left]', row)]),
    ),
    chat: [...document.querySelectorAll('[data-chat] > :not([data-chat-empty])')].map(
      (line) => line.lastElementChild.textContent,
    ),
    likes: text('[data-likes]'),
  };
})()`;

export function roomState({ page }: RoomPage): Promise<RoomState> {
  return page.evaluate<RoomState>(READ_ROOM);
}

/** The same as the server knows it. */
export async function trueState(house: House, id: string, lang: Lang = DEFAULT_LANG): Promise<RoomState> {
  const { lives } = house.shop.ctx;
  const [live, chat] = await Promise.all([lives.byId(id), lives.latestChat(id)]);
  const left = await Promise.all(
    live.rail.map(async (sku) => [sku, leftText(house, await house.left(sku), lang)] as const),
  );
  return {
    state: live.state,
    pinned: live.pinned?.sku ?? null,
    left: Object.fromEntries(left),
    chat: chat.map(({ text }) => text),
    likes: String(live.likes),
  };
}

export function leftText(house: House, left: number, lang: Lang = DEFAULT_LANG): string {
  if (left === 0) return house.t('browser.soldOut', {}, lang);
  return house.t(left <= 20 ? 'browser.few' : 'browser.left', { n: left }, lang);
}

/** Waits until the room shows what is so, however that moves meanwhile. @returns what is so */
export async function isTrue(house: House, room: RoomPage, live: string, lang?: Lang): Promise<RoomState> {
  const { truth } = await until(
    async () => ({ shown: await roomState(room), truth: await trueState(house, live, lang) }),
    (both) => isDeepStrictEqual(both.shown, both.truth),
  );
  return truth;
}
