import { Router } from 'express';
import type { Lang } from '../lang.ts';
import type { Pages } from './pages.ts';

export interface ApiOperation {
  method: string;
  path: string;
  summary: Record<Lang, string>;
  parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  body: unknown;
  answers: { status: string; description: string }[];
}

export interface ApiDescription {
  /** The OpenAPI 3.1 document. */
  document: (origin: string) => object;
  /** The same, for people. */
  operations: ApiOperation[];
}

export function apiDocs(description: ApiDescription, deps: { pages: Pages }): Router {
  const router = Router();
  router.get('/api/openapi.json', (req, res) => void res.json(description.document(deps.pages.origin(req))));
  router.get('/api/docs', async (req, res) => {
    await deps.pages.send(req, res, 'api/docs', {
      title: 'API',
      operations: description.operations.map((operation) => ({
        ...operation,
        summary: operation.summary[req.lang],
        body: operation.body ? JSON.stringify(operation.body, null, 2) : undefined,
      })),
    });
  });
  return router;
}
