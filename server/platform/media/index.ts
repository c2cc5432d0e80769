export { createMedia, type Media } from './media.ts';
export { createPapers, type Papers } from './papers.ts';
export { formWithPaper, mediaFiles, paperFiles, uploadOf } from './http.ts';
