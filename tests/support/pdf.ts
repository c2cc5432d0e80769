import { createCanvas } from '@napi-rs/canvas';
import readCode from 'jsqr';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** 400 dpi: five dots for a module of a third of a millimetre. */
const SCALE = 400 / 72;

type ReadCode = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

export interface LabelArea {
  /** In mm, from the upper left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface OpenPdf {
  pages: number;
  /** What stands on a page, in points. */
  size(page: number): Promise<[width: number, height: number]>;
  text(page: number): Promise<string>;
  /** What a QR code within an area says; undefined when none can be read. */
  code(page: number, area: LabelArea): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const loading = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const pdf = await loading.promise;
  return {
    pages: pdf.numPages,
    async size(page) {
      const { width, height } = (await pdf.getPage(page)).getViewport({ scale: 1 });
      return [width, height];
    },
    async text(page) {
      const { items } = await (await pdf.getPage(page)).getTextContent();
      return items.map((item) => ('str' in item ? item.str : '')).join('\n');
    },
    async code(page, area) {
      const mm = (72 / 25.4) * SCALE;
      const [width, height] = [Math.round(area.width * mm), Math.round(area.height * mm)];
      const canvas = createCanvas(width, height);
      const context = canvas.getContext('2d');
      context.fillStyle = '#fff';
      context.fillRect(0, 0, width, height);
      const found = await pdf.getPage(page);
      const viewport = found.getViewport({ scale: SCALE, offsetX: -area.x * mm, offsetY: -area.y * mm });
      await found.render({ canvasContext: context as never, canvas: canvas as never, viewport }).promise;
      const { data } = context.getImageData(0, 0, width, height);
      return (readCode as unknown as ReadCode)(data, width, height)?.data;
    },
    close: () => loading.destroy(),
  };
}
