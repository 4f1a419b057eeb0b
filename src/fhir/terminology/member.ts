import type { ImportedSystem } from '../../store/terminology/store.ts';
import type { Selection } from '../../store/terminology/types.ts';
import type { CompiledValueSet, Part } from './compile-value-set.ts';
import { decide } from './decide.ts';
import type { Library, Sources } from './library.ts';
import { MemoryCodes } from './memory-codes.ts';
import { forDatabase, unknownsOf } from './select.ts';
import type { CodedValue, Membership } from './terminology.ts';

/** Whether a compiled value set has a code: at once, unless an imported code system has to be asked. */
export function memberOf(
  compiled: CompiledValueSet,
  coding: CodedValue,
  library: Library,
  store: Sources['store'],
): Membership | Promise<Membership> {
  const answers = compiled.parts
    .filter(part => coding.system === undefined || part.system === coding.system)
    .map(part => partHas(part, coding, compiled.inactive, library, store));
  const missing: Membership[] = compiled.missing.length > 0 ? ['unknown'] : [];
  const known = answers.filter(one => typeof one === 'string');
  if (known.length === answers.length || known.includes('in')) return some([...known, ...missing]);
  return Promise.all(answers).then(all => some([...all, ...missing]));
}

const some = (all: readonly Membership[]): Membership =>
  all.includes('in') ? 'in' : all.includes('unknown') ? 'unknown' : 'out';

function partHas(
  part: Part,
  coding: CodedValue,
  inactive: boolean,
  library: Library,
  store: Sources['store'],
): Membership | Promise<Membership> {
  // The value set fixes another version than the code is of.
  if (part.version && coding.version && part.version !== coding.version) return 'out';
  const version = part.version ?? coding.version;
  const codes = library.codeSystem(part.system, version);
  if (codes && !(codes instanceof MemoryCodes)) return importedHas(codes, part, coding.code, inactive, store);
  // Of a version that is not held, not even a listed code is sure to be one.
  if (!codes && coding.version && !part.version) return 'unknown';
  const answer = decide(part.selection, coding.code, codes);
  return answer === 'in' && !inactive && codes?.find(coding.code)?.inactive ? 'out' : answer;
}

/** Where something is not held that the selection depends on: what holds in either case is known all the same. */
async function importedHas(
  system: ImportedSystem,
  part: Part,
  code: string,
  inactive: boolean,
  store: Sources['store'],
): Promise<Membership> {
  const ask = async (selection: Selection) => {
    const active: Selection = { kind: 'property', name: 'inactive', values: ['false'] };
    const wanted: Selection = inactive ? selection : { kind: 'and', of: [selection, active] };
    const askable = await forDatabase(store, system, wanted);
    return (await store.terminology.selected(system.num, [code], askable)).length > 0;
  };
  if (unknownsOf(part.selection).length === 0) return (await ask(part.selection)) ? 'in' : 'out';
  const [least, most] = await Promise.all([
    ask(assuming(part.selection, { kind: 'codes', codes: [] })),
    ask(assuming(part.selection, { kind: 'all' })),
  ]);
  if (least !== most) return 'unknown';
  return least ? 'in' : 'out';
}

/** The selection with something else in the place of what is not held. */
function assuming(selection: Selection, instead: Selection): Selection {
  switch (selection.kind) {
    case 'unknown':
      return instead;
    case 'and':
    case 'or':
      return { kind: selection.kind, of: selection.of.map(one => assuming(one, instead)) };
    case 'not':
      return { kind: 'not', of: assuming(selection.of, instead) };
    default:
      return selection;
  }
}
