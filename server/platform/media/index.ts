export { createMedia, type Media } from './media.ts';
export { mediaFiles, uploadOf } from './http.ts';
