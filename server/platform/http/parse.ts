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
  throw new AppError('invalid', { fields: fieldErrors(result.error.issues), cause: result.error });
}

/** A bad path parameter is an address that does not exist. @throws AppError `not_found` */
export function parseParam<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('not_found');
}

function fieldErrors(issues: readonly z.core.$ZodIssue[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of issues) {
    const field = issue.path.map(String).join('.') || 'body';
    fields[field] ??= keyOf(issue);
  }
  return fields;
}

function keyOf(issue: z.core.$ZodIssue): string {
  if (KEY.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'required';
  if (issue.code === 'unrecognized_keys') return 'unknown_field';
  return 'not_valid';
}
