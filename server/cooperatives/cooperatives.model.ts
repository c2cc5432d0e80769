import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';

export interface CooperativeDoc {
  _id: string;
  slug: string;
  name: Localized;
  tagline: Localized;
  story: Localized;
  place: { province: string; city: string; county: string; township?: string | undefined; label: Localized };
  location: { lat: number; lng: number };
  image: string;
  imageAlt: Localized;
  createdAt: Date;
}

const localized = { 'zh-CN': { type: String, required: true }, en: { type: String, required: true } };

const cooperativeSchema = new Schema<CooperativeDoc>(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true },
    name: localized,
    tagline: localized,
    story: localized,
    place: { province: String, city: String, county: String, township: String, label: localized },
    location: { lat: Number, lng: Number },
    image: { type: String, required: true },
    imageAlt: localized,
    createdAt: { type: Date, required: true },
  },
  { collection: 'cooperatives', versionKey: false },
);
cooperativeSchema.index({ slug: 1 }, { unique: true });

/** Who works for which cooperative. `_id` is both, so that joining twice is joining once. */
export interface MembershipDoc {
  _id: string;
  cooperative: string;
  user: string;
  since: Date;
}

const membershipSchema = new Schema<MembershipDoc>(
  {
    _id: { type: String, required: true },
    cooperative: { type: String, required: true },
    user: { type: String, required: true },
    since: { type: Date, required: true },
  },
  { collection: 'memberships', versionKey: false },
);
membershipSchema.index({ user: 1 });

export function cooperativeModels(db: Database) {
  return {
    cooperatives: db.model('Cooperative', cooperativeSchema),
    memberships: db.model('Membership', membershipSchema),
  };
}
