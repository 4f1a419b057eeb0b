import type { CodeSystem, ConceptMap, ValueSet } from '@medplum/fhirtypes';
import type { Store } from '../../store/store.ts';
import type { ImportedSystem, StoredCanonical } from '../../store/terminology/store.ts';
import { MemoryCodes } from './memory-codes.ts';
import {
  isTerminology,
  type Published,
  type TerminologyResource,
  type TerminologyType,
} from './published.ts';
import { newest } from './versions.ts';

/** Where resources come from that are not in the database. */
export interface Sources {
  published: Published;
  /** The hub's own of `terminology/`, and those of packages. */
  own: readonly TerminologyResource[];
  store: Pick<Store, 'terminology'>;
  /** Milliseconds of a clock that only goes forwards. */
  elapsed: () => number;
}

/** How long (ms) what is known of the database is relied on without asking whether it has changed. */
const trusted = 1000;

/**
 * One answer to what a canonical URL stands for. With a version, whatever has it. Without: what FHIR R4 itself defines
 * (nothing stored changes what the base specification binds), then stored resources, then imported code systems, then
 * the hub's own and those of packages, then what else was published with R4; of several in one place the newest.
 *
 * Everything is answered at once, except stored resources that were not read yet: then `NotRead` is thrown, for
 * `whole` to read them and ask again.
 */
export class Library {
  readonly #sources: Sources;
  readonly #own = new Map<string, TerminologyResource[]>();
  #stored = new Map<string, StoredCanonical[]>();
  #imported: readonly ImportedSystem[] = [];
  #bodies = new Map<number, TerminologyResource>();
  #revision: string | undefined;
  #checked = Number.NEGATIVE_INFINITY;
  /** A new one whenever anything has changed: what was made of the resources is kept with it. */
  generation = {};

  constructor(sources: Sources) {
    this.#sources = sources;
    for (const one of sources.own) {
      const key = `${one.resourceType} ${one.url}`;
      this.#own.set(key, [...(this.#own.get(key) ?? []), one]);
    }
  }

  /** Whether what the database had a moment ago may still be relied on. */
  get isFresh(): boolean {
    return this.#sources.elapsed() - this.#checked < trusted;
  }

  /** Something was written in this process: the database is asked before anything is relied on again. */
  doubt(): void {
    this.#checked = Number.NEGATIVE_INFINITY;
  }

  /** Learns what has changed in the database, in whatever process. */
  async refresh(): Promise<void> {
    const { store, elapsed } = this.#sources;
    const asked = elapsed();
    const revision = await store.terminology.revision();
    if (revision !== this.#revision) {
      const [stored, imported] = await Promise.all([store.terminology.stored(), store.terminology.systems()]);
      this.#stored = Map.groupBy(stored, one => `${one.type} ${one.url}`);
      this.#imported = imported;
      const current = new Set(stored.map(one => one.seq));
      this.#bodies = new Map([...this.#bodies].filter(([seq]) => current.has(seq)));
      this.#revision = revision;
      this.generation = {};
    }
    this.#checked = asked;
  }

  valueSet(canonical: string): ValueSet | undefined {
    return this.#find('ValueSet', canonical) as ValueSet | undefined;
  }

  conceptMap(canonical: string): ConceptMap | undefined {
    return this.#find('ConceptMap', canonical) as ConceptMap | undefined;
  }

  /** All concept maps, those first that come first by URL. */
  conceptMaps(): ConceptMap[] {
    const urls = new Set([
      ...this.#urls(this.#stored.keys()),
      ...this.#urls(this.#own.keys()),
      ...this.#sources.published.urls('ConceptMap'),
    ]);
    return [...urls].flatMap(url => this.conceptMap(url) ?? []);
  }

  /** A code system in memory, one in the database, or undefined: not held. */
  codeSystem(url: string, version?: string): MemoryCodes | ImportedSystem | undefined {
    const imported = newest(
      this.#imported.filter(one => one.url === url && (version === undefined || one.version === version)),
    );
    const resource = this.#find('CodeSystem', version === undefined ? url : `${url}|${version}`, imported);
    if (!resource || 'num' in resource) return resource;
    if (resource.resourceType !== 'CodeSystem') return undefined;
    // Of a system that is only named, an imported release knows more.
    if (imported && resource.content !== 'complete') return imported;
    return codesOf(resource);
  }

  /** Reads the bodies of stored resources. */
  async read(wanted: readonly StoredCanonical[]): Promise<void> {
    const bodies = await this.#sources.store.terminology.bodies(wanted.map(one => one.seq));
    for (const { seq, body } of bodies) {
      const resource = JSON.parse(body);
      if (isTerminology(resource)) this.#bodies.set(seq, resource);
    }
    // What is gone meanwhile is not asked for again.
    const missing = wanted.filter(one => !this.#bodies.has(one.seq));
    if (missing.length > 0) {
      this.doubt();
      await this.refresh();
    }
  }

  *#urls(keys: Iterable<string>): Iterable<string> {
    for (const key of keys) if (key.startsWith('ConceptMap ')) yield key.slice('ConceptMap '.length);
  }

  #find(type: TerminologyType, canonical: string): TerminologyResource | undefined;
  #find(
    type: TerminologyType,
    canonical: string,
    imported: ImportedSystem | undefined,
  ): TerminologyResource | ImportedSystem | undefined;
  #find(
    type: TerminologyType,
    canonical: string,
    imported?: ImportedSystem,
  ): TerminologyResource | ImportedSystem | undefined {
    const [url = '', version] = canonical.split('|', 2);
    const { published } = this.#sources;
    const isBase = url.startsWith('http://hl7.org/fhir/') && url.split('/').length === 6;
    const base = isBase ? published.find(type, url, version) : undefined;
    if (base) return base;
    const has = (one: { version?: string | undefined }) => version === undefined || one.version === version;
    const key = `${type} ${url}`;
    const stored = newest(this.#bodiesOf(this.#stored.get(key) ?? []).filter(has));
    const own = () => newest((this.#own.get(key) ?? []).filter(has));
    const other = () => published.find(type, url, version);
    // A resource that only names a system does not hide one that is there whole.
    if (imported && stored?.resourceType === 'CodeSystem' && stored.content !== 'complete') return imported;
    return stored ?? imported ?? own() ?? other();
  }

  #bodiesOf(canonicals: readonly StoredCanonical[]): TerminologyResource[] {
    const missing = canonicals.filter(one => !this.#bodies.has(one.seq));
    if (missing.length > 0) throw new NotRead(missing);
    return canonicals.flatMap(one => this.#bodies.get(one.seq) ?? []);
  }
}

const codes = new WeakMap<CodeSystem, MemoryCodes>();

/** What was made of a resource, as long as the resource is there. */
export function codesOf(resource: CodeSystem): MemoryCodes {
  const made = codes.get(resource) ?? new MemoryCodes(resource);
  codes.set(resource, made);
  return made;
}

/** Stored resources have to be read first. */
class NotRead {
  readonly wanted: readonly StoredCanonical[];

  constructor(wanted: readonly StoredCanonical[]) {
    this.wanted = wanted;
  }
}

/** Does the work at once where all that it asks for is in memory; otherwise reads that, and does it again. */
export function whole<T>(library: Library, work: () => T | Promise<T>): T | Promise<T> {
  const afterReading = (lacking: unknown): Promise<T> => {
    if (!(lacking instanceof NotRead)) throw lacking;
    return library.read(lacking.wanted).then(() => whole(library, work));
  };
  try {
    const done = work();
    return done instanceof Promise ? done.catch(afterReading) : done;
  } catch (lacking) {
    return afterReading(lacking);
  }
}
