// Fastify by itself: the body checked and a fixed answer written by code compiled from the product's own schemas.
import fastify from 'fastify';
import { schemas } from '#libs/contracts';
import { announce, input } from '../child.ts';

const { one, bulk } = input();
const answers = { one: JSON.parse(String(one)) as unknown, bulk: JSON.parse(String(bulk)) as unknown };

const app = fastify();
app.post(
  '/v1/flags/evaluate',
  { schema: { body: schemas.evaluateRequest, response: { 200: schemas.evaluateAnswer } } },
  () => Promise.resolve(answers.one),
);
app.post(
  '/v1/flags/evaluate/bulk',
  { schema: { body: schemas.bulkRequest, response: { 200: schemas.bulkAnswer } } },
  () => Promise.resolve(answers.bulk),
);
await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address();
if (typeof address === 'object' && address !== null) announce({ port: address.port });
