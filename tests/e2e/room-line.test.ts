import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { describeInBrowser } from '../support/browser.ts';
import { Client, until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom, isConnected, isTrue, showsFace, type RoomPage } from '../support/room-page.ts';
import { weakLineTo, type WeakLine } from '../support/weak-line.ts';

const HONEY = 'HNY-500';
const TEA = 'DKT-100';

/** What a browser says by itself about a line that a test has broken. */
const BROKEN_LINE = /WebSocket connection to|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE/;

describeInBrowser('the line between a room and the shop', () => {
  const house = useHouse();
  let weak: WeakLine;

  beforeEach(async () => {
    weak = await weakLineTo(house.shop.url);
  });
  afterEach(() => weak.close());

  test('says so when it breaks, and comes back with everything that was missed', async () => {
    const { live, room } = await inRoom();
    weak.cut();
    await saysLost(room, 'reconnecting');
    await muchHappens(live);
    weak.mend();
    await isBack(room);
    const truth = await isTrue(house, room, live);
    expect(truth).toMatchObject({ pinned: TEA, chat: ['前面', '中间', '后面'], likes: '7' });
  });

  test('shows the end of a live that ended meanwhile', async () => {
    const { live, room } = await inRoom();
    weak.cut();
    await saysLost(room, 'reconnecting');
    await house.shop.ctx.lives.stop(live, await house.host());
    weak.mend();
    await isBack(room);
    await showsFace(house, room, 'ended');
    await isTrue(house, room, live);
  });

  test('says that the phone is offline, and forgets it when it is not any more', async () => {
    const { live, room } = await inRoom();
    await room.visitor.context.setOffline(true);
    await saysLost(room, 'offline');
    await muchHappens(live);
    await room.visitor.context.setOffline(false);
    await isBack(room);
    await isTrue(house, room, live);
  });

  test('is tried when a hidden page is shown again, and replaced when it is dead', async () => {
    const { live, room } = await inRoom();
    await turn(room, 'hidden');
    weak.freeze();
    await muchHappens(live);
    await turn(room, 'visible');
    await isTrue(house, room, live);
    await isBack(room);
  });

  test('brings what was ordered just before it broke to one order and its receipt', async () => {
    const { live, room } = await inRoom();
    await room.buyPinned.click();
    weak.freeze();
    await room.confirm.click();
    weak.cut();
    await saysLost(room, 'reconnecting');
    weak.mend();
    await room.receipt.waitFor();
    const orders = await house.shop.ctx.orders.ofLive(live, 10);
    expect(orders.map(({ _id }) => _id)).toEqual([
      await room.receipt.locator('[data-receipt-code]').textContent(),
    ]);
  });

  test('loses nothing that happens between the reading of its state and its arrival', async () => {
    const { live, room } = await inRoom();
    const { lives } = house.shop.ctx;
    const witness = new Client(house.shop.url);
    await witness.get(`/live/${live}`);
    const socket = await witness.socket();
    await socket.emitWithAck('live:join', { liveId: live });
    weak.cut();
    await saysLost(room, 'reconnecting');

    const readChat = lives.latestChat.bind(lives);
    const reading = vi.spyOn(lives, 'latestChat').mockImplementationOnce(async (id) => {
      const old = await readChat(id);
      const told = new Promise((resolve) => socket.once('chat:posted', resolve));
      await muchHappens(id);
      await told;
      return old;
    });
    weak.mend();
    await isBack(room);
    reading.mockRestore();
    const truth = await isTrue(house, room, live);
    expect(truth).toMatchObject({ pinned: TEA, chat: ['前面', '中间', '后面'], likes: '7' });
    witness.close();
  });

  test('keeps the console right as well', async () => {
    const live = await house.startLive([HONEY, TEA], { pin: HONEY });
    const host = await house.come({ as: 'host@demo.test', url: weak.url });
    host.expects(BROKEN_LINE);
    const { page } = host;
    await page.goto(`/host/live/${live}`);
    const pressed = (sku: string) => page.locator(`[data-pin="${sku}"][aria-pressed="true"]`);
    await pressed(HONEY).waitFor();
    for (let time = 0; time < 2; time += 1) {
      weak.cut();
      await page.getByText(house.t('browser.reconnecting'), { exact: true }).waitFor();
      await muchHappens(live);
      weak.mend();
      await pressed(TEA).waitFor();
    }
    await until(
      () => page.locator('[data-order]').count(),
      (count) => count === 2,
    );
    expect(await page.locator('[data-likes]').textContent()).toBe('14');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('试一试的直播');
  });

  const saysLost = (room: RoomPage, key: 'reconnecting' | 'offline') =>
    room.page.getByText(house.t(`browser.${key}`), { exact: true }).waitFor();

  async function inRoom() {
    const live = await house.startLive([HONEY, TEA], { pin: HONEY });
    const room = await enterRoom(house, live, { url: weak.url });
    room.visitor.expects(BROKEN_LINE);
    await room.say('前面');
    await room.chat.getByText('前面', { exact: true }).waitFor();
    await isTrue(house, room, live);
    return { live, room };
  }

  /** Another pin, two messages, likes and an order, none of which this phone hears of. */
  async function muchHappens(id: string) {
    const { lives, orders } = house.shop.ctx;
    const [host, guest] = [await house.host(), somebody()];
    await lives.pin(id, { sku: TEA }, host);
    await lives.say(id, '中间', guest);
    await lives.say(id, '后面', host);
    await lives.like(id, 7);
    await orders.place({ clickId: newId(), liveId: id, lines: [{ sku: HONEY, qty: 3 }] }, guest);
  }
});

async function isBack(room: RoomPage) {
  await isConnected(room);
  await room.line.waitFor({ state: 'hidden' });
}

/** A headless page is never hidden by itself. */
async function turn({ page }: RoomPage, state: 'hidden' | 'visible') {
  await page.evaluate(`(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${state === 'hidden'} });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);
}

function somebody() {
  const id = newId();
  return { id, guest: true, name: '', roles: [], ids: [id] };
}
