import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { registerCommand } from '../../server/accounts/accounts.schema.ts';
import { placeOrderCommand } from '../../server/orders/orders.schema.ts';
import { AppError } from '../../server/platform/errors.ts';
import { parse, parseParam } from '../../server/platform/http/index.ts';

function fieldsOf(schema: z.ZodType, value: unknown): Record<string, string> | undefined {
  try {
    parse(schema, value);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('invalid');
    return (error as AppError).fields;
  }
  return undefined;
}

const GOOD = { login: 'li@farm.test', password: 'long enough', name: '李' };

describe('what comes in', () => {
  test('is given back as the schema has it', () => {
    expect(parse(registerCommand, { ...GOOD, name: '  李  ' })).toEqual(GOOD);
  });

  test.each([
    ['nothing', undefined, { login: 'required', password: 'required', name: 'required' }],
    ['null', null, { login: 'required', password: 'required', name: 'required' }],
    ['a text', 'login=x', { body: 'not_valid' }],
    ['a list', [GOOD], { body: 'not_valid' }],
    ['a field that is short', { ...GOOD, login: 'li' }, { login: 'login_short' }],
    ['a field that is long', { ...GOOD, name: '李'.repeat(41) }, { name: 'too_long' }],
    ['an operator for a text', { ...GOOD, login: { $ne: 1 } }, { login: 'not_valid' }],
    ['a list for a text', { ...GOOD, login: ['a', 'b'] }, { login: 'not_valid' }],
    ['a field nobody knows', { ...GOOD, roles: ['admin'] }, { body: 'unknown_field' }],
    ['a prototype', JSON.parse('{"__proto__":{"admin":true}}'), { body: 'unknown_field' }],
    [
      'several faults',
      { ...GOOD, login: 'a b c', password: 'x' },
      { login: 'login_shape', password: 'password_short' },
    ],
  ])('is refused when it is %s', (_what, value, fields) => {
    expect(fieldsOf(registerCommand, value)).toEqual(expect.objectContaining(fields));
  });

  test('names a field inside a list by its place', () => {
    const line = { sku: 'HONEY-500', qty: 1 };
    const place = (lines: unknown) => fieldsOf(placeOrderCommand, { clickId: 'click-12345', lines });
    expect(place([line, { sku: 'TEA-1', qty: 0 }])).toEqual({ 'lines.1.qty': 'qty_range' });
    expect(place([{ ...line, qty: 1.5 }])).toEqual({ 'lines.0.qty': 'not_valid' });
    expect(place([{ ...line, price: 1 }])).toEqual({ 'lines.0': 'unknown_field' });
    expect(place([line, line])).toEqual({ lines: 'sku_twice' });
  });

  test('has one fault per field: the first', () => {
    const twice = z.object({ a: z.string().min(3, 'login_short').regex(/^x/, 'login_shape') });
    expect(fieldsOf(twice, { a: 'b' })).toEqual({ a: 'login_short' });
  });

  test("keeps a schema's own sentences to itself", () => {
    expect(fieldsOf(z.object({ a: z.string().max(1, 'At most one, says the schema') }), { a: 'bb' })).toEqual(
      {
        a: 'not_valid',
      },
    );
  });
});

test('a path parameter that cannot be is an address that does not exist', () => {
  const slug = z.string().regex(/^[a-z]+$/, 'slug_shape');
  expect(parseParam(slug, 'honey')).toBe('honey');
  for (const wrong of ['HONEY', '', undefined, ['a'], { $ne: 1 }]) {
    expect(() => parseParam(slug, wrong)).toThrow(
      expect.objectContaining({ code: 'not_found', fields: undefined }),
    );
  }
});
