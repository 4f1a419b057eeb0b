import type { CompiledProfile } from '../../definitions/schema-profile.ts';

/** The profiles that a hub knows, by their canonical URLs. */
export class Profiles {
  readonly #byUrl = new Map<string, CompiledProfile[]>();

  /** Of two with one URL (and version), the later one counts. */
  constructor(profiles: Iterable<CompiledProfile>) {
    for (const profile of profiles) {
      const others = (this.#byUrl.get(profile.url) ?? []).filter(one => one.version !== profile.version);
      this.#byUrl.set(profile.url, [profile, ...others]);
    }
  }

  /** @param canonical a URL, with `|version` where one version is meant; without: the one loaded last */
  find(canonical: string): CompiledProfile | undefined {
    const [url = '', version] = canonical.split('|', 2);
    const all = this.#byUrl.get(url);
    return version === undefined ? all?.[0] : all?.find(one => isVersion(one.version, version));
  }

  get size(): number {
    return this.#byUrl.size;
  }

  /** All of a type: `Patient`. */
  ofType(type: string): CompiledProfile[] {
    return [...this.#byUrl.values()].flatMap(all => all.filter(one => one.type === type));
  }
}

/** `4.0` asks for any 4.0.x. */
const isVersion = (version: string | undefined, asked: string): boolean =>
  version === asked || (version?.startsWith(`${asked}.`) ?? false);
