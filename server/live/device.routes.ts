import type { RequestHandler } from 'express';
import { DEVICE_COOKIE, type Devices } from './device.service.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Knows a browser again when it comes back to a room: bans hold on it when the account does not. */
export function knowDevice(deps: { devices: Devices; https: boolean }): RequestHandler {
  return (req, res, next) => {
    const match = new RegExp(`(?:^|;\\s*)${DEVICE_COOKIE}=([^;]+)`).exec(req.headers.cookie ?? '');
    const fresh = deps.devices.renew(match?.[1], req.ip ?? '');
    if (fresh !== undefined) {
      res.cookie(DEVICE_COOKIE, fresh, {
        httpOnly: true,
        sameSite: 'lax',
        secure: deps.https,
        maxAge: YEAR_MS,
      });
    }
    next();
  };
}
