import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { ROLES, type Role } from './accounts.rules.ts';

export interface UserDoc {
  _id: string;
  login: string;
  passwordHash: string;
  name: string;
  roles: Role[];
  /** Guests this person once was. */
  claims: string[];
  /** A login of the demonstration, refused in production. */
  demo: boolean;
  createdAt: Date;
}

const userSchema = new Schema<UserDoc>(
  {
    _id: { type: String, required: true },
    login: { type: String, required: true },
    passwordHash: { type: String, required: true },
    name: { type: String, required: true },
    roles: { type: [{ type: String, enum: ROLES }], required: true },
    claims: { type: [String], required: true },
    demo: { type: Boolean, default: false },
    createdAt: { type: Date, required: true },
  },
  { collection: 'users', versionKey: false },
);
userSchema.index({ login: 1 }, { unique: true });
userSchema.index({ claims: 1 });

/** Failed logins in a window, by what they are counted against. */
export interface AttemptsDoc {
  _id: string;
  count: number;
  until: Date;
}

const attemptsSchema = new Schema<AttemptsDoc>(
  {
    _id: { type: String, required: true },
    count: { type: Number, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'login_attempts', versionKey: false },
);
attemptsSchema.index({ until: 1 });

export function accountModels(db: Database) {
  return {
    users: db.model('User', userSchema),
    attempts: db.model('LoginAttempts', attemptsSchema),
  };
}
