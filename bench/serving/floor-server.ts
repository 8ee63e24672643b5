/** The least that a server of this framework does: it reads the body as JSON and gives one answer to all. */
import { fastify } from 'fastify';

const port = Number(process.argv[2]);
const horizon = { probability: 0.23, risk_decile: 4, risk_score: 0.38 };
const answer = {
  customer_id: 'CUST_00001',
  predictions: { '30d': horizon, '60d': horizon, '90d': horizon },
  ...{ risk_tier: 'YELLOW', action: 'Call', owner: 'Somebody', sla: '30 days', reasons: [] },
  ...{ scored_at: '2024-09-15T14:23:01Z', request_id: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890' },
};

const app = fastify();
app.get('/ready', () => ({ status: 'ready' }));
app.post('/predict', () => answer);
process.once('SIGTERM', () => {
  process.exit();
});
await app.listen({ host: '127.0.0.1', port });
