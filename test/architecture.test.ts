import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Source {
  path: string;
  text: string;
  /** Files of the project it imports, from the root; packages by name. */
  imports: string[];
}

const sources = ['src', 'bots'].flatMap(folder => filesBelow(join(root, folder))).map(read);
const code = sources.filter(source => !source.path.endsWith('.test.ts'));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map(entry => join(entry.parentPath, entry.name));
}

function read(file: string): Source {
  const text = readFileSync(file, 'utf8');
  const named = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(match => match[1] as string);
  const imports = named.map(name => (name.startsWith('.') ? fromRoot(join(dirname(file), name)) : name));
  return { path: fromRoot(file), text, imports };
}

function fromRoot(file: string): string {
  return relative(root, file).split(sep).join('/');
}

/** `path: what it does` for each offence, so that a failure says where. */
const offences = (of: readonly Source[], fault: (source: Source) => string | undefined): string[] =>
  of.flatMap(source => {
    const found = fault(source);
    return found ? [`${source.path}: ${found}`] : [];
  });

const within = (source: Source, folder: string): boolean => source.path.startsWith(folder);

describe('what never happens', () => {
  it('finds the code it checks', () => {
    expect(code.length).toBeGreaterThan(80);
    expect(code.some(source => source.imports.some(name => name.startsWith('src/store/')))).toBe(true);
  });

  it('only store/ knows SQL', () => {
    const drivers = ['kysely', 'pg', 'node:sqlite'];
    const elsewhere = code.filter(source => !within(source, 'src/store/'));
    expect(offences(elsewhere, source => source.imports.find(name => drivers.includes(name)))).toEqual([]);
  });

  it('store/ knows nothing above it but an AccessFilter, what it is made of, and the errors', () => {
    const allowed = ['src/access/filter.ts', 'src/access/extent.ts', 'src/errors.ts'];
    const store = code.filter(source => within(source, 'src/store/'));
    const above = (name: string) =>
      name.startsWith('src/') && !name.startsWith('src/store/') && !allowed.includes(name);
    expect(offences(store, source => source.imports.find(above))).toEqual([]);
  });

  it('only config.ts reads the environment', () => {
    const others = code.filter(source => source.path !== 'src/config.ts');
    expect(offences(others, source => source.text.match(/process\.env\b/)?.[0])).toEqual([]);
  });

  it('deciding is pure: no clock, no chance, no I/O', () => {
    const deciding = code.filter(source =>
      ['src/access/', 'src/referral/', 'src/care/', 'bots/'].some(one => within(source, one)),
    );
    const impure = /Date\.now\(\)|new Date\(\)|Math\.random\(|randomUUID\(|from 'node:(?!util)/;
    expect(offences(deciding, source => source.text.match(impure)?.[0])).toEqual([]);
  });

  it('a bot sees only the bot API, pure functions and names', () => {
    const allowed = [
      'src/events/bot.ts',
      'src/referral/',
      'src/care/',
      'src/fhir/canonical.ts',
      'src/fhir/repository.ts',
    ];
    const bots = code.filter(source => within(source, 'bots/'));
    const foreign = (name: string) => name.startsWith('src/') && !allowed.some(one => name.startsWith(one));
    expect(offences(bots, source => source.imports.find(foreign))).toEqual([]);
  });

  it('the parts below do not import the parts above, names apart', () => {
    const names = 'src/fhir/canonical.ts';
    const layers: [folder: string, mayNot: string[]][] = [
      ['src/access/', ['src/http/', 'src/web/', 'src/auth/', 'src/events/', 'src/fhir/']],
      ['src/fhir/', ['src/http/', 'src/web/', 'src/auth/', 'src/events/', 'src/cli/']],
      ['src/referral/', ['src/http/', 'src/web/', 'src/auth/', 'src/events/', 'src/cli/']],
      ['src/auth/', ['src/http/', 'src/web/', 'src/events/', 'src/cli/']],
      ['src/events/', ['src/http/', 'src/web/', 'src/auth/', 'src/cli/']],
    ];
    const faults = layers.flatMap(([folder, mayNot]) =>
      offences(
        code.filter(source => within(source, folder)),
        source => source.imports.find(name => name !== names && mayNot.some(one => name.startsWith(one))),
      ),
    );
    expect(faults).toEqual([]);
  });

  it('parts meet only in hub.ts', () => {
    const meeting = code.filter(source => !/^src\/(hub|main)\.ts$|^src\/cli\//.test(source.path));
    expect(offences(meeting, source => source.imports.find(name => name === 'src/hub.ts'))).toEqual([]);
  });

  it('no folder or file is called what says nothing', () => {
    const empty =
      /(^|\/)(utils?|helpers?|common|managers?|misc|base-[^/]+)(\/|\.tsx?$)|\b(Base|Abstract)[A-Z]\w*\.tsx?$/;
    expect(offences(sources, source => source.path.match(empty)?.[0])).toEqual([]);
  });

  it('no barrel files', () => {
    const onlyExports = (text: string) =>
      text.trim() !== '' &&
      text.split('\n').every(line => /^\s*(export .* from .*|\/\/.*|\/?\*.*|)$/.test(line));
    expect(offences(code, source => (onlyExports(source.text) ? 'only exports' : undefined))).toEqual([]);
  });

  it('no file is over 300 lines', () => {
    const lines = (source: Source) => source.text.split('\n').length;
    expect(offences(code, source => (lines(source) > 300 ? `${lines(source)} lines` : undefined))).toEqual(
      [],
    );
  });

  it('nothing is left undone or switched off', () => {
    const marks = /\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck|\bas any\b/;
    expect(offences(sources, source => source.text.match(marks)?.[0])).toEqual([]);
    const tests = [...sources, ...filesBelow(join(root, 'test')).map(read)].filter(source =>
      source.path.endsWith('.test.ts'),
    );
    const off = /\b(it|test|describe)\.(only|todo)\(/;
    expect(offences(tests, source => source.text.match(off)?.[0])).toEqual([]);
  });
});
