import type { Lang, Localized } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { shownGrower, type GrowerLook } from './growers.rules.ts';

/** A grower as strangers see it. */
export function presentShownGrower(
  grower: GrowerLook,
  county: Localized,
  { lang, media }: { lang: Lang; media: Media },
) {
  const { picture, ...shown } = shownGrower(grower, county, lang);
  return { ...shown, hidden: !shown.name, ...(picture ? { picture: media.picture(picture) } : {}) };
}
