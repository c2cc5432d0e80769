/**
 * Every way in which a request can fail, by the stable code that programs see. The code is also the key of the
 * sentence for people (`errors.<code>`). Unknown failures are `internal` and leak nothing.
 */
export const ERROR_STATUS = {
  invalid: 422,
  bad_signature: 400,
  not_found: 404,
  not_signed_in: 401,
  wrong_credentials: 401,
  forbidden: 403,
  cross_site: 403,
  rate_limited: 429,
  sold_out: 409,
  limit_per_buyer: 409,
  offer_closed: 409,
  coupon_used_up: 409,
  coupon_limit: 409,
  draw_closed: 409,
  draw_not_yet: 409,
  live_not_running: 409,
  muted: 403,
  put_out: 403,
  followers_only: 403,
  buyers_only: 403,
  words_refused: 422,
  expired: 409,
  conflict: 409,
  claim_not_covered: 422,
  login_taken: 409,
  too_large: 413,
  unsupported_image: 422,
  unsupported_file: 422,
  not_offered: 501,
  unavailable: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface AppErrorDetails {
  /** Field name -> key of the sentence that says what is wrong with it. */
  fields?: Record<string, string>;
  /** What the sentences about the fields leave a gap for. */
  values?: Record<string, number | string>;
  /** Seconds after which it is worth trying again. */
  retryAfter?: number;
  cause?: unknown;
}

/** A failure that somebody expected: its code is for programs, its sentence for people, its cause for the log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, string> | undefined;
  readonly values: Record<string, number | string> | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, details: AppErrorDetails = {}) {
    super(code, { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = details.fields;
    this.values = details.values;
    this.retryAfter = details.retryAfter;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** Turns whatever was thrown into an AppError; what is not known becomes `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isBodyParserError(error)) {
    const code = error.status === 413 ? 'too_large' : 'invalid';
    return new AppError(code, { cause: error });
  }
  // An address that cannot be decoded (`/products/%ff`) is one that does not exist.
  if (error instanceof URIError && 'status' in error) return new AppError('not_found', { cause: error });
  if (isDatabaseDown(error)) return new AppError('unavailable', { cause: error, retryAfter: 2 });
  return new AppError('internal', { cause: error });
}

function isBodyParserError(error: unknown): error is { status: number } {
  if (typeof error !== 'object' || error === null || !('status' in error) || !('type' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

const DATABASE_DOWN = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongooseServerSelectionError',
]);

function isDatabaseDown(error: unknown): boolean {
  return error instanceof Error && DATABASE_DOWN.has(error.name);
}
