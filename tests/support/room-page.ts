import type { Locator, Page } from 'playwright-core';
import type { House } from './house.ts';
import type { Look, Visitor } from './visitor.ts';

/** A live room as somebody in it sees it. Found by what its script holds on to, so that its looks may change. */
export interface RoomPage {
  visitor: Visitor;
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
}

export function roomOf(visitor: Visitor): RoomPage {
  const { page } = visitor;
  const pinned = page.locator('[data-pinned]');
  const sheet = page.locator('dialog[data-buy-sheet]');
  const words = page.locator('[data-say] input[name="text"]');
  return {
    visitor,
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
  };
}

/** Opens a room and waits until its line to the shop stands. */
export async function enterRoom(house: House, live: string, look?: Look): Promise<RoomPage> {
  const room = roomOf(await house.come(look));
  await room.page.goto(`/live/${live}`);
  await isConnected(room);
  return room;
}

export async function isConnected(room: RoomPage) {
  await room.page.locator('[data-room][data-line="connected"]').waitFor();
}

export type Face = 'scheduled' | 'live' | 'ended';

/** Waits until the room shows this face, as its visitor sees it. */
export async function showsFace(house: House, { page }: RoomPage, face: Face, lang?: 'en' | 'zh-CN') {
  const title = (key: string) => page.getByText(house.t(`live.room.${key}`, {}, lang), { exact: true });
  await page.locator(`[data-room][data-state="${face}"]`).waitFor();
  await title('soonTitle').waitFor({ state: face === 'scheduled' ? 'visible' : 'hidden' });
  await title('endedTitle').waitFor({ state: face === 'ended' ? 'visible' : 'hidden' });
}
