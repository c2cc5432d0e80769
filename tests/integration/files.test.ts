import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { registered, type Failure } from '../support/people.ts';
import { raw } from '../support/raw.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let member: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, env: { LOG_LEVEL: 'silent' } });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
});
afterAll(() => shop.close());

const PLACE = 'Huangshaping 26.1N 110.3E';

/** A photograph that remembers where it was taken. */
function photo(width = 1600, height = 1200) {
  return sharp({ create: { width, height, channels: 3, background: '#7a9a4b' } }).withExif({
    IFD0: { Copyright: PLACE, ImageDescription: PLACE },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '26/1 6/1 0/1' },
  });
}

async function slugOf(cooperative: string): Promise<string> {
  const coop = await shop.ctx.cooperatives.bySlug(cooperative);
  return (await shop.ctx.catalog.ofCooperative(coop._id))[0]!.slug;
}

function upload(who: Client, slug: string, bytes: Uint8Array, name = 'photo.png', field = 'image') {
  const form = new FormData();
  form.set(field, new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name);
  return who.request(`/coop/products/${slug}/image`, {
    method: 'POST',
    body: form,
    headers: { accept: 'application/json' },
  });
}

const codeOf = async (answer: Response) => ((await answer.json()) as Failure).error.code;

const kept = () => readdir(shop.ctx.media.folder).catch(() => [] as string[]);

describe('a picture of a product', () => {
  test('is drawn anew in three widths, without a word of where it was taken', async () => {
    const slug = await slugOf('huangshaping');
    const original = await photo().png().toBuffer();
    expect((await sharp(original).metadata()).exif?.toString('latin1')).toContain(PLACE);
    const answer = await upload(member, slug, original);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/coop?coop=huangshaping#${slug}`]);

    const { image } = await member.json<{ image: string }>(`/api/products/${slug}`);
    expect(image).toMatch(/^\/media\/[a-z0-9]+-640\.webp$/);
    for (const width of [320, 640, 1280]) {
      const file = await raw(shop.url, image.replace('-640.', `-${width}.`));
      expect(file.status).toBe(200);
      expect(file.headers['content-type']).toBe('image/webp');
      expect(file.headers['x-content-type-options']).toBe('nosniff');
      expect(file.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
      expect(file.headers['cache-control']).toContain('immutable');
      const found = await sharp(file.body).metadata();
      expect(found).toMatchObject({ format: 'webp', width, height: (width * 3) / 4 });
      expect([found.exif, found.xmp, found.iptc]).toEqual([undefined, undefined, undefined]);
      expect(file.body.toString('latin1')).not.toContain('Huangshaping');
    }
  });

  test('stands upright, and is not made larger than it was', async () => {
    const slug = await slugOf('huangshaping');
    const lying = await sharp({ create: { width: 500, height: 300, channels: 3, background: '#fff' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await upload(member, slug, lying)).status).toBe(303);
    const { image } = await member.json<{ image: string }>(`/api/products/${slug}`);
    const largest = await raw(shop.url, image.replace('-640.', '-1280.'));
    expect(await sharp(largest.body).metadata()).toMatchObject({ width: 300, height: 500 });
  });

  test.each([
    [
      'a drawing that is a program',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['a text', () => Buffer.from('this is no picture')],
    ['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a picture cut off', async () => (await photo().png().toBuffer()).subarray(0, 2_000)],
    ['a picture with a hole', async () => (await photo().png().toBuffer()).fill(0, 1_000, 1_400)],
    ['a TIFF', () => photo(20, 20).tiff().toBuffer()],
  ])('is refused when it is %s, and nothing of it is kept', async (_what, make) => {
    const slug = await slugOf('huangshaping');
    const before = await member.json<{ image: string }>(`/api/products/${slug}`);
    const files = await kept();
    const answer = await upload(member, slug, await make());
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'unsupported_image']);
    expect(await kept()).toEqual(files);
    expect(await member.json(`/api/products/${slug}`)).toEqual(before);
  });

  test('is refused when it is missing, empty, in another field or too large', async () => {
    const slug = await slugOf('huangshaping');
    const png = await photo(20, 20).png().toBuffer();
    const path = `/coop/products/${slug}/image`;
    expect(await codeOf(await upload(member, slug, png, 'x.png', 'other'))).toBe('invalid');
    expect(await codeOf(await upload(member, slug, new Uint8Array()))).toBe('invalid');
    const noForm = await member.request(path, { method: 'POST', headers: { accept: 'application/json' } });
    expect(await codeOf(noForm)).toBe('invalid');
    const large = await upload(member, slug, Buffer.alloc(12 * 1024 * 1024 + 1));
    expect([large.status, await codeOf(large)]).toEqual([413, 'too_large']);
  });

  test("of somebody else's product does not exist, and nothing is kept", async () => {
    const coops = (await shop.ctx.cooperatives.list()).map(({ slug }) => slug);
    const other = coops.find((slug) => slug !== 'huangshaping' && slug !== 'huifeng')!;
    const slug = await slugOf(other);
    const before = await member.json(`/api/products/${slug}`);
    const files = await kept();
    const png = await photo(20, 20).png().toBuffer();
    for (const wrong of [slug, 'no-such-product', 'NO_SLUG']) {
      const answer = await upload(member, wrong, png);
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'not_found']);
    }
    expect(await kept()).toEqual(files);
    expect(await member.json(`/api/products/${slug}`)).toEqual(before);
  });

  test('is for members only', async () => {
    const slug = await slugOf('huangshaping');
    const png = await photo(20, 20).png().toBuffer();
    const { visitor } = await registered(new Client(shop.url));
    const guest = await upload(new Client(shop.url), slug, png);
    const shopper = await upload(visitor, slug, png);
    expect([guest.status, await codeOf(guest)]).toEqual([401, 'not_signed_in']);
    expect([shopper.status, await codeOf(shopper)]).toEqual([403, 'forbidden']);
  });
});

describe('no file is served but those that are there to be served', () => {
  const SECRET = 'nobody may read this';

  test.each(['/media', '/img', '/build'])('below %s', async (below) => {
    const { dataDir } = shop.ctx.config;
    await writeFile(join(dataDir, 'secret.txt'), SECRET);
    const ways = [
      '..',
      '%2e%2e',
      '..%2f..',
      '.%2e',
      '%252e%252e',
      '....//..',
      '..%5c..',
      '..;',
      './..',
      '%c0%ae%c0%ae',
    ];
    const files = [
      'secret.txt',
      'package.json',
      'server/main.ts',
      'img/../../package.json',
      '.env',
      'manifest.json%00.svg',
    ];
    for (const way of ways) {
      for (const file of files) {
        const path = `${below}/${way}/${file}`;
        const answer = await raw(shop.url, path);
        expect([path, answer.status]).toEqual([path, 404]);
        expect(answer.text).not.toMatch(/nobody may read this|"dependencies"|createContext/);
      }
    }
    for (const path of [`${below}/`, below, `${below}//etc/passwd`, `${below}/.gitkeep`]) {
      expect([path, (await raw(shop.url, path)).status]).toEqual([path, 404]);
    }
  });
});
