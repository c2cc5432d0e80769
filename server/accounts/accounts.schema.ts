import { z } from 'zod';

const login = z
  .string()
  .trim()
  .min(3, 'login_short')
  .max(120, 'too_long')
  .regex(/^[^\s<>"']+$/, 'login_shape');

export const registerCommand = z.strictObject({
  login,
  password: z.string().min(8, 'password_short').max(200, 'too_long'),
  name: z.string().trim().min(1, 'required').max(40, 'too_long'),
});
export type RegisterCommand = z.infer<typeof registerCommand>;

export const logInCommand = z.strictObject({
  login: z.string().trim().min(1, 'required').max(120, 'too_long'),
  password: z.string().min(1, 'required').max(200, 'too_long'),
});
export type LogInCommand = z.infer<typeof logInCommand>;
