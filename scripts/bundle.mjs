// The second half of npm run build: the command line with all that it loads as one file. Nest and what stands behind
// it are 1,900 files, and finding, reading and linking each was two thirds of a start.
// It bundles what the compiler wrote, not the sources: injection stands on the metadata of decorators.
import { readFileSync } from 'node:fs';
import { build } from 'rolldown';
import { root } from './bootstrap.mjs';

/**
 * Our own lines lead back to the sources, by the compiler's maps; those of packages lead nowhere, since a map of all
 * of them takes a quarter of a second to read, at the first stack that a running service logs.
 */
const sourceMaps = {
  name: 'source-maps',
  load: {
    filter: { id: /\.[cm]?js$/ },
    handler: (id) => ({
      code: readFileSync(id, 'utf8'),
      map: id.includes('/node_modules/') ? { mappings: '' } : readFileSync(`${id}.map`, 'utf8'),
    }),
  },
};

await build({
  cwd: root,
  input: 'dist/apps/ptt/src/main.js',
  platform: 'node',
  external: [
    // Nest's own optional packages, which are not installed: it asks for them only where they are used.
    /^@nestjs\/(?:platform-express|websockets)(?:\/|$)/,
    /^@fastify\/(?:multipart|view)$/,
    '@nats-io/transport-node',
    'amqp-connection-manager',
    'ioredis',
    'kafkajs',
    'mqtt',

    // UMD: it takes its parts through a parameter, where no bundler finds them.
    'jsonc-parser',
  ],
  plugins: [sourceMaps],
  output: {
    file: 'dist/ptt.js',
    format: 'esm',
    // One file also for what is imported later: a build may not change a running process.
    codeSplitting: false,
    // Nest and OpenAPI go by the names of classes, and two of the same name are told apart by a number otherwise.
    keepNames: true,
    sourcemap: true,
    // The sources are beside the map already.
    sourcemapExcludeSources: true,
  },
  // A package that is not found would be missed when somebody asks for it, and not before.
  onLog(level, { message }) {
    if (level === 'warn') throw new Error(message);
  },
});
