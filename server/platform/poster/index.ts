export { createPoster, type CardContent, type Poster } from './poster.ts';
