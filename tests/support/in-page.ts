import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Waits until what is now is drawn and has come to rest. Where movement is reduced every change of style still is a
 * transition, only a very short one.
 */
export const COME_TO_REST = `
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const ends = ({ effect }) => effect.getComputedTiming().endTime !== Infinity;
  await Promise.all(document.getAnimations().filter(ends).map(({ finished }) => finished.catch(() => {})));
`;

interface AxeFinding {
  id: string;
  impact: string | null;
  nodes: { target: unknown[]; failureSummary: string }[];
}

/** What axe calls serious or critical, as sentences. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated, not added as an element: the page's policy lets no foreign script in.
  await page.evaluate(AXE);
  const found = await page.evaluate<AxeFinding[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id} ${node.target.join(' ')}: ${node.failureSummary}`),
    );
}

/** Pictures that have no size of their own in the page, or do not come. */
export async function poorPictures(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`Promise.all([...document.images].map(async (image) => {
    image.loading = 'eager';
    if (!image.hasAttribute('width') || !image.hasAttribute('height')) return 'no size: ' + image.src;
    await image.decode().catch(() => {});
    return image.naturalWidth > 0 ? '' : 'broken: ' + image.src;
  })).then((found) => found.filter(Boolean))`);
}

/** How many pixels of a page stick out sideways, and what does. */
export async function sticksOut(page: Page): Promise<{ by: number; what: string[] }> {
  return page.evaluate(`(async () => {
    ${COME_TO_REST}
    const { scrollWidth, clientWidth } = document.documentElement;
    const by = Math.max(scrollWidth, document.body.scrollWidth) - clientWidth;
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return { by, what: by > 0 ? wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)) : [] };
  })()`);
}

/**
 * The sum of all layout shifts so far that nobody's touch has caused. Chromium tells of them when it has time, so
 * one is made on purpose at the end: when that is told of, everything before it has been.
 */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const last = document.createElement('div');
    Object.assign(last.style, {
      position: 'fixed', top: '0', left: '0', width: '200px', height: '200px', background: 'red', zIndex: '99',
      transition: 'none',
    });
    document.body.append(last);
    await frame();
    const end = performance.now();
    const sum = new Promise((resolve) => {
      let shifted = 0;
      new PerformanceObserver((list, observer) => {
        for (const entry of list.getEntries()) {
          if (entry.startTime <= end) shifted += entry.hadRecentInput ? 0 : entry.value;
          else if (entry.sources.some(({ node }) => node === last)) {
            observer.disconnect();
            resolve(shifted);
          }
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    last.style.top = '300px';
    return sum;
  })()`);
}

/** Collects the scripts that a page loads. @returns how many bytes they are, compressed */
export function weighScripts(page: Page): () => Promise<number> {
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.push(response.body());
  });
  return async () => (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
}

export interface Focused {
  /** Where the focus is, as markup. */
  html: string;
  /** Whether it can be seen that it is there. */
  visible: boolean;
}

/** What the keyboard is on. A ring may be drawn by what surrounds a control, or by its label. */
export async function focused(page: Page): Promise<Focused> {
  return page.evaluate<Focused>(`(async () => {
    ${COME_TO_REST}
    const element = document.activeElement;
    const drawn = (candidate) => {
      if (!candidate) return false;
      return [null, '::after'].some((part) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(candidate, part);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
      });
    };
    const inView = ({ width, height, bottom, top }) => width > 0 && height > 0 && bottom > 0 && top < innerHeight;
    const ring = [element, element.parentElement, element.nextElementSibling].some(drawn);
    return {
      html: element.outerHTML.slice(0, 160),
      visible: ring && inView(element.getBoundingClientRect()),
    };
  })()`);
}
