import type { z } from 'zod';
import { AppError } from '../errors.ts';

/** A schema's own message is a key below `errors.fields` when it looks like one. */
const KEY = /^[a-z][a-z0-9_]*$/;

/**
 * What came from outside, as the schema's type.
 *
 * @throws AppError `invalid` with one key per field.
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new AppError('invalid', { fields: fieldErrors(result.error.issues, value), cause: result.error });
}

/** A bad path parameter is an address that does not exist. @throws AppError `not_found` */
export function parseParam<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('not_found');
}

function fieldErrors(issues: readonly z.core.$ZodIssue[], value: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of issues) {
    const field = issue.path.map(String).join('.') || 'body';
    fields[field] ??= keyOf(issue, value);
  }
  return fields;
}

function keyOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (KEY.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type' && isMissing(value, issue.path)) return 'required';
  if (issue.code === 'unrecognized_keys') return 'unknown_field';
  return 'not_valid';
}

/** Looked up in what came in: an issue that carried its input would carry passwords into the log. */
function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return true;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at === undefined;
}
