// Bare node:http: parses the body, sends a fixed answer. The yardstick.
import { createServer } from 'node:http';
import { announce } from '../child.ts';

const { answerBytes } = JSON.parse(process.argv[2] ?? '{}');
const answer = JSON.stringify({ answer: 'x'.repeat(Math.max(0, Number(answerBytes) - '{"answer":""}'.length)) });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body !== 'object') throw new Error('an object is sent');
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) announce({ port: address.port, token: '' });
});
