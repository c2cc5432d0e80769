import { productsA } from './products-a.ts';
import { productsB } from './products-b.ts';
import { productsC } from './products-c.ts';
import { productsD } from './products-d.ts';
import { productsE } from './products-e.ts';
import { productsF } from './products-f.ts';
import { productsG } from './products-g.ts';
import { productsH } from './products-h.ts';
import { productsI } from './products-i.ts';
import type { ProductContent } from './types.ts';

export { cooperatives } from './cooperatives.ts';
export { lives } from './lives.ts';
export type { LiveContent } from './lives.ts';

export const products: ProductContent[] = [
  ...productsA,
  ...productsB,
  ...productsC,
  ...productsD,
  ...productsE,
  ...productsF,
  ...productsG,
  ...productsH,
  ...productsI,
];
