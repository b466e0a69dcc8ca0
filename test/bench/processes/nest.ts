// Nest over Fastify with nothing in it: listens, says so, and ends. The yardstick of a start.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class Nothing {
  readonly isEmpty = true;
}
Module({})(Nothing);

const app = await NestFactory.create(Nothing, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.stderr.write('ready\n');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
