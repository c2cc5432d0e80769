import type { DropEnd } from './coupon-drops.rules.ts';

declare module '../platform/bus.ts' {
  interface Facts {
    'coupon.dropped': { drop: string; live: string };
    /** Somebody has taken a piece. */
    'coupon.taken': { drop: string; live: string };
    'coupon.dropClosed': { drop: string; live: string; reason: DropEnd };
  }
}
