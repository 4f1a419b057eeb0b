import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Line, lineAt, linesOf, longestLine } from './lines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function reading<T>(
  content: string | Buffer,
  use: (lines: Line[], path: string) => Promise<T>,
  block?: number,
) {
  const path = join(folder, crypto.randomUUID());
  await writeFile(path, content);
  const handle = await open(path);
  try {
    const lines: Line[] = [];
    for await (const line of linesOf(handle, block)) lines.push(line);
    return await use(lines, path);
  } finally {
    await handle.close();
  }
}

const text = (line: Line) => new TextDecoder().decode(line.bytes);

it('gives the lines of any content, whatever the size of the blocks it reads', async () => {
  const piece = fc.oneof(
    fc.constant('\n'),
    fc.constant('\r\n'),
    fc.constant('\u2028'),
    fc.string({ unit: 'grapheme' }),
  );
  const contents = fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(contents, fc.integer({ min: 1, max: 20 }), async (content, block) => {
      const wanted = Buffer.from(content).toString('utf8').split('\n');
      if (wanted.at(-1) === '') wanted.pop();
      await reading(
        content,
        async (lines, path) => {
          expect(lines.map(text)).toEqual(wanted);
          expect(lines.map(line => line.number)).toEqual(wanted.map((_, at) => at + 1));
          const again = await open(path);
          for (const line of lines) {
            expect(Buffer.from(await lineAt(again, line.offset, line.bytes.length))).toEqual(
              Buffer.from(line.bytes),
            );
          }
          await again.close();
        },
        block,
      );
    }),
    { numRuns: 60 },
  );
});

it('does not keep a line that is too long, and goes on behind it', async () => {
  const content = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(longestLine + 1, 'x'), Buffer.from('\nb')]);
  await reading(content, async lines => {
    expect(lines.map(line => [line.number, line.bytes.length, line.tooLong])).toEqual([
      [1, 1, false],
      [2, 0, true],
      [3, 1, false],
    ]);
    expect(lines[2]?.offset).toBe(longestLine + 4);
  });
});
