import type { Context } from '../server/context.ts';
import { addDays } from '../server/stock/index.ts';
import { localDay } from '../server/platform/views/index.ts';

/** What a visitor of the demonstration may look at: a report on one lot, pledges, and a certificate that ends soon. */
export async function addPapers(ctx: Context, memberId: string): Promise<void> {
  const coops = await ctx.cooperatives.list();
  const keeper = { id: memberId, cooperatives: coops.map(({ _id }) => _id) };
  const today = localDay(ctx.clock.now());
  const honey = await ctx.catalog.product('chengbu-honey');
  const skus = honey.variants.map(({ sku }) => sku);
  const lot = (await ctx.stock.allLots()).find(({ sku }) => skus.includes(sku));
  if (!lot) return;
  const add = (command: Parameters<typeof ctx.certificates.add>[1]) =>
    ctx.certificates.add(honey.cooperative, command, { file: null, keeper });
  await add({
    commandId: 'demo-lot-report',
    kind: 'test_report',
    number: `DEMO-TR-${lot.code}`,
    issuer: { 'zh-CN': '演示检测机构（非真实报告）', en: 'Demonstration laboratory (not a real report)' },
    ...{ skus: [lot.sku], lots: [lot.code], validFrom: addDays(today, -20), validTo: addDays(today, 345) },
  });
  await add({
    commandId: 'demo-ends-soon',
    kind: 'pollution_free',
    number: 'DEMO-PF-2025-0103',
    issuer: { 'zh-CN': '演示认证机构（非真实证书）', en: 'Demonstration certifier (not a real certificate)' },
    ...{ skus, lots: [], validFrom: addDays(today, -340), validTo: addDays(today, 25) },
  });
  const { values } = await ctx.pledges.suggestion(lot.code, keeper);
  await ctx.pledges.issue(
    lot.code,
    {
      ...values,
      commandId: 'demo-pledge',
      contact: '0739-0000000',
      signer: '演示签名',
      bases: ['own_test', 'internal_control'],
      issuedOn: lot.madeOn,
    },
    keeper,
  );
}
