import express, { Router } from 'express';
import type { BrowserConfig } from './payments.rules.ts';
import type { Payments } from './payments.service.ts';

/** Where Stripe posts its events. They prove themselves by their signature, not by where they come from. */
export const WEBHOOK_PATH = '/payments/stripe/webhook';

/**
 * What a page with Stripe's Payment Element may load, as Stripe's integration security guide lists it; nothing when
 * payments stay at home.
 */
export function stripeSources({ kind }: BrowserConfig) {
  if (kind !== 'stripe') return undefined;
  const scripts = ['https://js.stripe.com', 'https://*.js.stripe.com'];
  return {
    scripts,
    frames: [...scripts, 'https://hooks.stripe.com'],
    connections: ['https://api.stripe.com'],
  };
}

/** Mounted before any other body is parsed: the signature holds for the bytes as they came. */
export function paymentWebhook(payments: Payments): Router {
  const router = Router();
  router.post(WEBHOOK_PATH, express.raw({ type: () => true, limit: '1mb' }), async (req, res) => {
    const body: unknown = req.body;
    await payments.receive(Buffer.isBuffer(body) ? body : Buffer.alloc(0), req.header('stripe-signature'));
    res.json({ received: true });
  });
  return router;
}
