import type { FastifyInstance } from 'fastify';
import type { Desk } from '../../../workflow/index.ts';
import { readSwitches } from '../../query.ts';
import { described } from '../../route-schema.ts';

/** Documents that ask for nothing: each is what one page shows of the whole. */
const PAGES: readonly {
  readonly url: string;
  /** Of the OpenAPI document. */
  readonly answer: string;
  readonly summary: string;
  readonly description: string;
  readonly read: (desk: Desk) => Promise<object>;
}[] = [
  {
    url: '/v1/facts',
    answer: 'Facts',
    summary: 'Facts',
    description:
      'Horizons, tiers, teams, segments and features of the pack: what does not change between two scorings.',
    read: (desk) => desk.facts(),
  },
  {
    url: '/v1/overview',
    answer: 'Overview',
    summary: 'Overview',
    description:
      'What is at risk by the newest scores, beside the score date before, and the work of the teams. Each count is that of the rows which GET /v1/customers gives for the same tab, tier, owner or range of probability.',
    read: (desk) => desk.overview(),
  },
  {
    url: '/v1/performance',
    answer: 'Performance',
    summary: 'Model performance',
    description:
      'Scores over their dates beside what became of them, the evaluation of the set in use, its gates and its card. A rate whose outcome is not known yet is null, with the day on which it will be.',
    read: (desk) => desk.performance(),
  },
  {
    url: '/v1/data',
    answer: 'DataHealth',
    summary: 'State of the data',
    description:
      'Deliveries, tables, the newest results of the rules about the data, and missing values beside those of training.',
    read: (desk) => desk.data(),
  },
];

/** `GET /v1/facts`, `/v1/overview`, `/v1/performance` and `/v1/data`. */
export function registerPages(app: FastifyInstance, { desk }: { readonly desk: Desk }): void {
  for (const { url, answer, summary, description, read } of PAGES) {
    const schema = described(summary, description, { answer, errors: [401, 403, 422, 429, 503] });
    app.get(url, { schema }, async (request, reply) => {
      readSwitches(request.query, {});
      return reply.header('cache-control', 'no-store').send(await read(desk));
    });
  }
}
