import { customAlphabet } from 'nanoid';

/** Digits and letters that are not mistaken for one another when read aloud or off a label: no 0/O, 1/I/L, U/V. */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';

const randomCode = customAlphabet(CODE_ALPHABET, 12);
const randomId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 20);

/** A database id (103 bits). Never shown where a stranger could count through. */
export function newId(): string {
  return randomId();
}

/** A public code such as an order's: 12 characters, 58 random bits, spoken easily. */
export function newCode(): string {
  return randomCode();
}

export function shortCode(length: number): string {
  return randomCode(length);
}
