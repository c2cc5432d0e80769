import { newId } from '../../server/platform/ids.ts';
import type { Client } from './client.ts';
import type { TestShop } from './shop.ts';

export const HUNAN = {
  name: '张三',
  phone: '13812345678',
  province: '湖南省',
  city: '长沙市',
  county: '岳麓区',
  street: '麓山南路1号',
};

/** Somebody who may order: a guest like every other. */
export const guest = () => {
  const id = newId();
  return { id, guest: true, name: '', roles: [], ids: [id] };
};

/** What a checkout page says, read as a browser would. */
export interface CheckoutPage {
  status: number;
  /** Where it leads, when it leads somewhere. */
  location: string | null;
  html: string;
  shown: string;
  clickId: string;
}

export async function readCheckout(response: Response): Promise<CheckoutPage> {
  const html = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    html,
    shown: unescaped(/name="shown" value="([^"]*)"/.exec(html)?.[1] ?? ''),
    clickId: /name="clickId" value="([^"]*)"/.exec(html)?.[1] ?? '',
  };
}

export function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
}

export const totalOf = ({ shown }: CheckoutPage) => (JSON.parse(shown) as { totalFen: number }).totalFen;

/** The page worked out for an address, and then its button, as two visits of somebody without a script. */
export async function checkOut(client: Client, fields: Record<string, string>): Promise<CheckoutPage> {
  const quoted = await readCheckout(
    await client.form('/checkout', { clickId: newId(), ...fields, intent: 'quote' }),
  );
  const { shown, clickId } = quoted;
  return readCheckout(await client.form('/checkout', { ...fields, clickId, shown, intent: 'place' }));
}

export const codeOf = ({ location }: CheckoutPage) => /\/orders\/(\w+)/.exec(location ?? '')?.[1] ?? '';

export async function setPrice(shop: TestShop, sku: string, priceFen: number) {
  await shop.ctx.db
    .collection('products')
    .updateOne({ 'variants.sku': sku }, { $set: { 'variants.$.priceFen': priceFen } });
}

/** Sells outside of everything until so many are left. */
export async function sellDownTo(shop: TestShop, sku: string, pieces: number) {
  for (;;) {
    const left = (await shop.ctx.stock.availability([sku])).get(sku) ?? 0;
    if (left <= pieces) return;
    const lines = [{ sku, qty: Math.min(99, left - pieces) }];
    await shop.ctx.orders.place({ clickId: newId(), lines }, guest());
  }
}
