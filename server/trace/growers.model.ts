import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';
import { NAME_SHOWN, PLOT_SHOWN, type NameShown, type PlotShown } from './growers.rules.ts';

/** A household or a group that grows, keeps or makes something, and how much of it strangers may see. */
export interface GrowerDoc {
  _id: string;
  cooperative: string;
  name: Localized;
  nameShown: NameShown;
  plot: { name: Localized; township: Localized; lat: number; lng: number; mu: number };
  plotShown: PlotShown;
  words: Localized;
  /** `media:<id>` of a photograph; absent without one. */
  picture: string | null;
  updatedAt: Date;
  updatedBy: string;
}

const localized = { 'zh-CN': { type: String, default: '' }, en: { type: String, default: '' } };

const growerSchema = new Schema<GrowerDoc>(
  {
    _id: { type: String, required: true },
    cooperative: { type: String, required: true },
    name: localized,
    nameShown: { type: String, enum: NAME_SHOWN, required: true },
    plot: { name: localized, township: localized, lat: Number, lng: Number, mu: Number },
    plotShown: { type: String, enum: PLOT_SHOWN, required: true },
    words: localized,
    picture: { type: String, default: null },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
  },
  { collection: 'growers', versionKey: false },
);
growerSchema.index({ cooperative: 1, _id: 1 });

export function growerModels(db: Database) {
  return { growers: db.model('Grower', growerSchema) };
}
