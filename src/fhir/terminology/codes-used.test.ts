import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { routingSystem } from '../../referral/routing/codes.ts';
import { system } from '../canonical.ts';
import { codesOf } from './library.ts';
import { ownTerminology } from './own.ts';
import { loadPublished, type Published, type TerminologyResource } from './published.ts';

const root = join(import.meta.dirname, '../../..');

interface Used {
  place: string;
  /** As it is written. */
  system: string;
  code: string;
}

const sources = ['src', 'bots']
  .flatMap(folder => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter(one => one.isFile() && /\.tsx?$/.test(one.name) && !/\.(test|harness)\.tsx?$/.test(one.name))
  .map(one => join(one.parentPath, one.name))
  // What the format of a release itself is written with.
  .filter(file => !file.includes('/fhir/terminology/import/'))
  .map(file => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }));

/** Codings that the code writes out: objects with a system and a code, and calls that make such. */
const used: Used[] = sources.flatMap(({ path, text }) => {
  const objects = [...text.matchAll(/\{[^{}]*\bcode:\s*'([^']+)'[^{}]*\}/g)].flatMap(([whole, code = '']) => {
    const written =
      /\bsystem:\s*([^,}]+?)\s*[,}]/.exec(whole)?.[1] ?? (/[{,]\s*system\s*[,}]/.test(whole) ? 'system' : '');
    return written ? [{ place: path, system: written, code }] : [];
  });
  const calls = [
    ...text.matchAll(
      /\b(?:coding|concept|codeable\w*)\(\s*([\w.]+|'https?:[^']+'|\w+\('[^']+'\)),\s*'([^']+)'/g,
    ),
  ];
  return [
    ...objects,
    ...calls.map(([, written = '', code = '']) => ({ place: path, system: written, code })),
  ];
});

const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = { system, routingSystem };

/** Of a table that the file itself has. */
function memberOf(place: string, table: string, member: string): string | undefined {
  const text = sources.find(one => one.path === place)?.text ?? '';
  const [, own = ''] = new RegExp(`const ${table}\\b[^={]*= \\{([^}]*)\\}`).exec(text) ?? [];
  return new RegExp(`\\b${member}: '([^']+)'`).exec(own)?.[1];
}

/** The URL behind a constant, a member of `system`, or a function that puts a name into a URL. */
function urlOf({ place, system: written }: Used): string | undefined {
  if (written.startsWith("'")) return written.slice(1, -1);
  const [, table = '', member = ''] = /^(\w+)\.(\w+)$/.exec(written) ?? [];
  const found = table ? (memberOf(place, table, member) ?? tables[table]?.[member]) : undefined;
  if (found) return found;
  const [name = '', argument] = written.split(/[()']+/);
  const own = sources.find(one => one.path === place);
  for (const { text } of [...(own ? [own] : []), ...sources]) {
    const made = new RegExp(
      `const ${name}\\b[^=]*=(?: \\(\\w+: string\\)[^=]*=>)?\\s*(['\`])([^'\`]+)\\1`,
    ).exec(text);
    if (made?.[2])
      return made[2]
        .replace(/\$\{canonical\}/, 'https://warmhandoff.example/fhir')
        .replace(/\$\{\w+\}/, argument ?? '');
  }
  return undefined;
}

let own: TerminologyResource[];
let published: Published;
beforeAll(async () => {
  own = await ownTerminology();
  published = await loadPublished(join(root, 'node_modules/.cache/warm-handoff'));
});

/** Whether the code system is here and has the code; undefined where it is not here whole. */
function defined(url: string, code: string): boolean | undefined {
  const found =
    own.find(one => one.resourceType === 'CodeSystem' && one.url === url) ??
    published.find('CodeSystem', url);
  if (found?.resourceType !== 'CodeSystem' || found.content !== 'complete') return undefined;
  return codesOf(found).find(code) !== undefined;
}

/** Codes of other systems that `terminology/` names. */
const named = (): Set<string> =>
  new Set(
    own.flatMap(one => {
      if (one.resourceType === 'ValueSet')
        return (one.compose?.include ?? []).flatMap(include =>
          (include.concept ?? []).map(({ code }) => `${include.system} ${code}`),
        );
      if (one.resourceType !== 'ConceptMap') return [];
      return (one.group ?? []).flatMap(group =>
        (group.element ?? []).flatMap(({ target = [] }) =>
          target.map(({ code }) => `${group.target} ${code}`),
        ),
      );
    }),
  );

it('finds the codes that the code writes out', () => {
  expect(used.length).toBeGreaterThan(60);
  expect(used).toContainEqual({ place: 'src/events/park.ts', system: 'hubTaskSystem', code: 'investigate' });
});

it('writes no code whose system nobody can tell', () => {
  expect(used.filter(one => !urlOf(one)?.match(/^(https?|urn):/))).toEqual([]);
});

it('writes only codes that their code system has or, where that is not shipped, that terminology/ names', () => {
  const external = named();
  const faults = used.flatMap(one => {
    const url = urlOf(one) ?? '';
    return (defined(url, one.code) ?? external.has(`${url} ${one.code}`))
      ? []
      : [`${one.place}: ${url}|${one.code}`];
  });
  expect([...new Set(faults)]).toEqual([]);
});
