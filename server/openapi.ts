import { z } from 'zod';
import { logInCommand, registerCommand } from './accounts/index.ts';
import { listQuery } from './catalog/index.ts';
import { replayChatQuery, replayQuery } from './live/index.ts';
import { cartItemCommand, placeOrderCommand } from './orders/index.ts';
import { ERROR_STATUS } from './platform/errors.ts';
import type { ApiDescription, ApiOperation } from './platform/http/index.ts';
import type { Lang } from './platform/lang.ts';

interface Operation {
  method: 'get' | 'post' | 'delete';
  path: string;
  summary: Record<Lang, string>;
  query?: z.ZodType;
  body?: z.ZodType;
  /** HTTP status -> what it means. */
  answers: Record<string, string>;
}

/** The JSON interface; shapes come from the very schemas that check what comes in. */
const OPERATIONS: Operation[] = [
  {
    method: 'get',
    path: '/api/products',
    summary: { 'zh-CN': '查找商品', en: 'Find products' },
    query: listQuery,
    answers: { 200: '{ items, nextCursor }' },
  },
  {
    method: 'get',
    path: '/api/products/{slug}',
    summary: { 'zh-CN': '一件商品及其规格', en: 'A product with its variants' },
    answers: { 200: 'product', 404: 'not_found' },
  },
  {
    method: 'get',
    path: '/api/divisions/{province}',
    summary: { 'zh-CN': '一个省的城市和区县', en: 'Cities and counties of a province' },
    answers: { 200: '{ province, cities: [{ name, counties, isOpen }] }', 404: 'not_found' },
  },
  {
    method: 'get',
    path: '/api/lives',
    summary: { 'zh-CN': '正在直播、预告与回放', en: 'Running, scheduled and ended lives' },
    answers: { 200: '{ items }' },
  },
  {
    method: 'get',
    path: '/api/lives/{id}',
    summary: { 'zh-CN': '一场直播的现状', en: 'A live as it is now' },
    answers: { 200: 'live', 404: 'not_found' },
  },
  {
    method: 'post',
    path: '/api/lives/{id}/publishing',
    summary: {
      'zh-CN': '轮到自己出镜时，画面推到哪里',
      en: 'Where to send the picture, for whoever’s turn it is',
    },
    answers: {
      200: '{ at: here } | { at: whip, url, token }',
      401: 'not_signed_in',
      403: 'forbidden',
      409: 'live_not_running',
    },
  },
  {
    method: 'get',
    path: '/api/lives/{id}/replay',
    summary: { 'zh-CN': '一场直播的回放和章节', en: 'The replay of a live, with its chapters' },
    query: replayQuery,
    answers: { 200: '{ durationMs, startMs, chapters }', 404: 'not_found' },
  },
  {
    method: 'get',
    path: '/api/lives/{id}/replay/chat',
    summary: { 'zh-CN': '回放某一段里的聊天', en: 'What was said in a stretch of the replay' },
    query: replayChatQuery,
    answers: { 200: '{ messages }', 404: 'not_found' },
  },
  {
    method: 'get',
    path: '/api/waits',
    summary: { 'zh-CN': '自己在排的队', en: 'The lines that one stands in' },
    answers: { 200: '{ signedIn, items: [{ sku, standing, ahead, says, payUrl, until }] }' },
  },
  {
    method: 'get',
    path: '/api/trace/{code}',
    summary: { 'zh-CN': '核对一个编码，看它的来路', en: 'Check a code and see its road' },
    answers: { 200: '{ verdict, lot, road, ... }', 404: '{ verdict: typing | unknown }' },
  },
  {
    method: 'get',
    path: '/api/trace/roots',
    summary: { 'zh-CN': '每日总账', en: 'Daily roots' },
    answers: { 200: '{ items }' },
  },
  {
    method: 'get',
    path: '/api/trace/roots/{day}/{lot}',
    summary: { 'zh-CN': '一批在某日总账里的证明', en: 'Proof that a lot is in the root of a day' },
    answers: { 200: '{ root, head, leaf, proof }', 404: 'not_found' },
  },
  {
    method: 'post',
    path: '/api/register',
    summary: { 'zh-CN': '注册', en: 'Open an account' },
    body: registerCommand,
    answers: { 201: 'me', 409: 'login_taken', 422: 'invalid' },
  },
  {
    method: 'post',
    path: '/api/login',
    summary: { 'zh-CN': '登录', en: 'Sign in' },
    body: logInCommand,
    answers: { 200: 'me', 401: 'wrong_credentials', 429: 'rate_limited' },
  },
  {
    method: 'post',
    path: '/api/logout',
    summary: { 'zh-CN': '退出', en: 'Sign out' },
    answers: { 200: 'me' },
  },
  {
    method: 'get',
    path: '/api/me',
    summary: { 'zh-CN': '我是谁', en: 'Who am I' },
    answers: { 200: 'me' },
  },
  {
    method: 'get',
    path: '/api/cart',
    summary: { 'zh-CN': '我的购物车，按此刻的价格', en: 'My cart, at the prices of this instant' },
    answers: { 200: '{ items, count, total }' },
  },
  {
    method: 'post',
    path: '/api/cart/items',
    summary: {
      'zh-CN': '设定购物车里某个规格的件数，0 为移除',
      en: 'Set how many of a SKU are in my cart; 0 takes it out',
    },
    body: cartItemCommand,
    answers: { 200: '{ items, count, total }', 404: 'not_found', 422: 'invalid' },
  },
  {
    method: 'delete',
    path: '/api/cart/items/{sku}',
    summary: { 'zh-CN': '从购物车移除', en: 'Take a SKU out of my cart' },
    answers: { 200: '{ items, count, total }' },
  },
  {
    method: 'post',
    path: '/api/orders',
    summary: { 'zh-CN': '下单（同一 clickId 只成一单）', en: 'Place an order (one clickId, one order)' },
    body: placeOrderCommand,
    answers: {
      201: 'order',
      200: 'the first order again',
      409: 'sold_out, live_not_running',
      422: 'invalid',
    },
  },
  {
    method: 'get',
    path: '/api/orders/{code}',
    summary: { 'zh-CN': '我的一张订单', en: 'One of my orders' },
    answers: { 200: 'order', 404: 'not_found' },
  },
];

export const apiDescription: ApiDescription = {
  operations: OPERATIONS.map(describe),
  document: (origin) => ({
    openapi: '3.1.0',
    info: { title: 'Shanxiang', version: '1' },
    servers: [{ url: origin }],
    paths: paths(),
    components: { schemas: { Error: errorSchema } },
  }),
};

const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
        message: { type: 'string' },
        fields: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  },
};

function schemaOf(type: z.ZodType) {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  return schema as { properties?: Record<string, unknown>; required?: string[] };
}

function parametersOf({ path, query }: Operation): ApiOperation['parameters'] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' } as unknown,
  }));
  const schema = query ? schemaOf(query) : {};
  const inQuery = Object.entries(schema.properties ?? {}).map(([name, type]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: type,
  }));
  return [...inPath, ...inQuery];
}

function describe(operation: Operation): ApiOperation {
  return {
    method: operation.method.toUpperCase(),
    path: operation.path,
    summary: operation.summary,
    parameters: parametersOf(operation),
    body: operation.body ? schemaOf(operation.body) : undefined,
    answers: Object.entries(operation.answers).map(([status, description]) => ({ status, description })),
  };
}

function paths() {
  const byPath: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const described = describe(operation);
    const responses = Object.fromEntries(
      described.answers.map(({ status, description }) => [
        status,
        Number(status) < 400
          ? { description }
          : {
              description,
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
            },
      ]),
    );
    (byPath[operation.path] ??= {})[operation.method] = {
      summary: operation.summary.en,
      parameters: described.parameters,
      ...(described.body
        ? { requestBody: { required: true, content: { 'application/json': { schema: described.body } } } }
        : {}),
      responses,
    };
  }
  return byPath;
}
