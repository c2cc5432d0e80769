import type { Lang } from '../platform/lang.ts';
import type { Cooperative } from './cooperatives.service.ts';

export interface CooperativeCard {
  slug: string;
  name: string;
  tagline: string;
  place: string;
  image: string;
  imageAlt: string;
}

export function presentCooperativeCard(coop: Cooperative, lang: Lang): CooperativeCard {
  return {
    slug: coop.slug,
    name: coop.name[lang],
    tagline: coop.tagline[lang],
    place: coop.place.label[lang],
    image: coop.image,
    imageAlt: coop.imageAlt[lang],
  };
}

export function presentCooperativePage(coop: Cooperative, lang: Lang) {
  return { ...presentCooperativeCard(coop, lang), story: paragraphs(coop.story[lang]) };
}

/** Stories are plain text; a blank line parts paragraphs. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean);
}
