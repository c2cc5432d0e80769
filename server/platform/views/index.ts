export { createAssets, type Assets, type Picture } from './assets.ts';
export { formatDate, formatWeight, localDay } from './format.ts';
export { createTranslator, type Translate, type Translator } from './i18n.ts';
export { createRenderer, type PageFrame, type Renderer } from './renderer.ts';
