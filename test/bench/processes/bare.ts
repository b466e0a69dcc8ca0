// Bare node:http: parses the body and sends a fixed answer. The yardstick of both HTTP measures.
import { createServer } from 'node:http';
import { announce, input } from '../child.ts';

const { answer } = input();
const text = String(answer);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body !== 'object') throw new Error('an object is sent');
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) announce({ port: address.port });
});
