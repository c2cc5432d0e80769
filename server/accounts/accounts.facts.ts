declare module '../platform/bus.ts' {
  interface Facts {
    /** A session has ended: its sockets must go too. */
    'account.signedOut': { sessionId: string };
  }
}

export {};
