/**
 * `node --import ./src/load-tsx.mjs`: Node.js runs the project's TypeScript as it is, by leaving the types out; what
 * it does not know is JSX, which is translated here. What V8 has compiled is kept for the next start.
 */
import { readFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/warm-handoff/code', import.meta.url)));

registerHooks({
  load(url, context, next) {
    return url.endsWith('.tsx')
      ? { format: 'module', source: translate(url), shortCircuit: true }
      : next(url, context);
  },
});

/** With the settings of tsconfig.json. */
function translate(url) {
  const file = fileURLToPath(url);
  const { transformSync } = require('esbuild');
  return transformSync(readFileSync(file, 'utf8'), {
    loader: 'tsx',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    sourcefile: file,
    sourcemap: 'inline',
  }).code;
}
