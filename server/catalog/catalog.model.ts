import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';
import { CATEGORIES, CERTIFICATE_KINDS, type Category, type Certificate } from './catalog.rules.ts';

export interface VariantDoc {
  sku: string;
  name: Localized;
  netGrams: number;
  grossGrams: number;
  priceFen: number;
  gtin: string;
}

export interface ProductDoc {
  _id: string;
  slug: string;
  cooperative: string;
  category: Category;
  name: Localized;
  tagline: Localized;
  story: Localized;
  origin: Localized;
  season: number[];
  shelfLifeDays: number;
  storage: Localized;
  aliases: string[];
  /** As they came in with the product; they are moved to a collection of their own at once. */
  certificates?: Certificate[];
  variants: VariantDoc[];
  /** Below public/img, or `media:<id>` for an uploaded picture. */
  image: string;
  imageAlt: Localized;
  position: number;
  createdAt: Date;
  updatedAt: Date;
}

const localized = { 'zh-CN': { type: String, required: true }, en: { type: String, required: true } };

const productSchema = new Schema<ProductDoc>(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true },
    cooperative: { type: String, required: true },
    category: { type: String, enum: CATEGORIES, required: true },
    name: localized,
    tagline: localized,
    story: localized,
    origin: localized,
    season: [Number],
    shelfLifeDays: { type: Number, required: true },
    storage: localized,
    aliases: [String],
    certificates: [
      {
        _id: false,
        kind: { type: String, enum: CERTIFICATE_KINDS },
        number: String,
        issuer: localized,
        validFrom: String,
        validTo: String,
      },
    ],
    variants: [
      {
        _id: false,
        sku: String,
        name: localized,
        netGrams: Number,
        grossGrams: Number,
        priceFen: Number,
        gtin: String,
      },
    ],
    image: { type: String, required: true },
    imageAlt: localized,
    position: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'products', versionKey: false },
);
productSchema.index({ slug: 1 }, { unique: true });
productSchema.index({ 'variants.sku': 1 }, { unique: true });
productSchema.index({ 'variants.gtin': 1 }, { unique: true });
productSchema.index({ cooperative: 1, position: 1 });
productSchema.index({ updatedAt: 1 });

export function catalogModels(db: Database) {
  return { products: db.model('Product', productSchema) };
}
