export { createPoster, type CardContent, type Poster } from './poster.ts';
export { penFor, type Pen } from './text.ts';
