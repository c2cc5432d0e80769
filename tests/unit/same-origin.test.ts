import type { Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { isCrossSite, sameOriginWrites } from '../../server/platform/http/index.ts';

const PUBLIC = 'https://shop.example';

interface Case {
  site?: string;
  origin?: string;
  host?: string;
  publicUrl?: string;
  crossSite: boolean;
}

const CASES: Case[] = [
  // A program that is no browser.
  { host: 'shop.example', crossSite: false },
  // What browsers say of themselves.
  { site: 'same-origin', host: 'shop.example', crossSite: false },
  { site: 'none', host: 'shop.example', crossSite: false },
  { site: 'same-site', host: 'shop.example', crossSite: true },
  { site: 'cross-site', host: 'shop.example', crossSite: true },
  { site: '', host: 'shop.example', crossSite: true },
  { site: 'cross-site', origin: PUBLIC, host: 'shop.example', publicUrl: PUBLIC, crossSite: true },
  // Older ones send only an origin.
  { origin: 'http://shop.example', host: 'shop.example', crossSite: false },
  { origin: 'https://shop.example', host: 'shop.example', crossSite: false },
  { origin: 'http://shop.example:3000', host: 'shop.example:3000', crossSite: false },
  { origin: 'http://shop.example:4000', host: 'shop.example:3000', crossSite: true },
  { origin: 'https://evil.example', host: 'shop.example', crossSite: true },
  { origin: 'https://shop.example.evil.example', host: 'shop.example', crossSite: true },
  { origin: 'https://evil-shop.example', host: 'shop.example', crossSite: true },
  { origin: 'null', host: 'shop.example', crossSite: true },
  { origin: '', host: 'shop.example', crossSite: true },
  { origin: 'nonsense', host: 'shop.example', crossSite: true },
  { origin: 'https://evil.example', crossSite: true },
  { origin: 'null', crossSite: true },
  // Both must agree.
  { site: 'same-origin', origin: 'https://evil.example', host: 'shop.example', crossSite: true },
  // Behind a proxy that gives another host.
  { origin: PUBLIC, host: '10.0.0.7:3000', publicUrl: PUBLIC, crossSite: false },
  { origin: PUBLIC, host: '10.0.0.7:3000', publicUrl: `${PUBLIC}/shop`, crossSite: false },
  { origin: 'http://shop.example', host: '10.0.0.7:3000', publicUrl: PUBLIC, crossSite: true },
];

function requestOf({ site, origin, host }: Case, method = 'POST', path = '/orders'): Request {
  const headers = { 'sec-fetch-site': site, origin, host };
  return { headers, method, path } as unknown as Request;
}

describe('a request', () => {
  test.each(CASES)('$site / $origin at $host is cross-site: $crossSite', (given) => {
    expect(isCrossSite(requestOf(given) as IncomingMessage, given.publicUrl)).toBe(given.crossSite);
  });
});

describe('the guard of writes', () => {
  const guard = sameOriginWrites(undefined, new Set(['/payments/hook']));
  const foreign: Case = { origin: 'https://evil.example', host: 'shop.example', crossSite: true };
  const run = (method: string, path: string) => {
    const next = vi.fn();
    void guard(requestOf(foreign, method, path), {} as Response, next);
    expect(next).toHaveBeenCalledExactlyOnceWith();
  };

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'])('refuses %s from another site', (method) => {
    expect(() => run(method, '/orders')).toThrow(expect.objectContaining({ code: 'cross_site' }));
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('lets %s pass', (method) => run(method, '/orders'));

  test('lets a path pass that proves itself otherwise, and nothing that only looks like it', () => {
    run('POST', '/payments/hook');
    for (const path of ['/payments/hook/', '/payments/hook/x', '/x/payments/hook']) {
      expect(() => run('POST', path)).toThrow(expect.objectContaining({ code: 'cross_site' }));
    }
  });
});
