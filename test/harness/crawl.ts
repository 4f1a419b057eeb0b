import type { Page as Answer, Visit } from './visit.ts';
import { tokenIn, visit } from './visit.ts';

/** A page that a person came to by links alone. */
export interface Crawled {
  path: string;
  /** The path with ids taken out: pages of one kind have the same. */
  kind: string;
  /** The page that links to it; `/` for the first. */
  from: string;
  answer: Answer;
}

/** Who looks around: each role once, and centers that stand differently to the people of the network. */
export const visitors = [
  ['general-hospital', 'discharge-planner'],
  ['county-hospital', 'supervisor'],
  ['general-hospital', 'utilization-reviewer'],
  ['northside-cmhc', 'intake'],
  ['southside-cmhc', 'case-manager'],
  ['harbor-shelter', 'intake'],
  ['northside-cmhc', 'organization-administrator'],
  ['general-hospital', 'auditor'],
  ['hub', 'network-administrator'],
  ['hub', 'auditor'],
] as const;

export interface CrawlOptions {
  /** How many pages of a kind are looked at; the rest of them differ in whose data they show. */
  ofKind: number;
}

/** Signs in as one of the demo network, by `Role of Organization` as its button is called. */
export async function signInAs(base: string, organization: string, role: string): Promise<Visit> {
  const someone = visit(base);
  const { text } = await someone.get('/sign-in');
  const { status } = await someone.post('/sign-in/demo', { 'form-token': tokenIn(text), organization, role });
  if (status !== 303) throw new Error(`${role} of ${organization} cannot sign in: ${status}`);
  return someone;
}

/** Follows every link of the hub from the home page on, as who is signed in. */
export async function crawl(someone: Visit, { ofKind }: CrawlOptions): Promise<Crawled[]> {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const pages: Crawled[] = [];
  const waiting = [{ path: '/', from: '/' }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { path, from } = next;
    const kind = kindOf(path);
    const count = counts.get(kind) ?? 0;
    if (seen.has(path) || count >= ofKind) continue;
    seen.add(path);
    counts.set(kind, count + 1);
    const answer = await someone.get(path);
    pages.push({ path, kind, from, answer });
    const onward = answer.location ? [new URL(answer.location, 'http://hub').href] : linksIn(answer);
    for (const link of onward) {
      const { origin, pathname, search } = new URL(link, `http://hub${path}`);
      if (origin === 'http://hub' && !isElsewhere(pathname))
        waiting.push({ path: pathname + search, from: path });
    }
  }
  return pages;
}

/** The guide has its own test, the API is no page. */
const isElsewhere = (pathname: string): boolean =>
  ['/fhir', '/oauth', '/guide', '/assets'].some(one => pathname === one || pathname.startsWith(`${one}/`));

function linksIn({ text, headers }: Answer): string[] {
  if (!headers.get('content-type')?.startsWith('text/html')) return [];
  return [...text.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );
}

const isWord = /^[a-z]+(-[a-z]+)*$/;
const places = new Set(['referrals', 'patients', 'directory', 'bots', 'refer', 'stays']);
const words = new Set(['new', 'emergency', 'packet', 'packet.pdf']);

/** What follows the name of a collection is an id, whatever it looks like; of a query the names alone matter. */
export function kindOf(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://hub');
  const parts = pathname.split('/').slice(1);
  const kinds = parts.map((part, index) => {
    const isId = places.has(parts[index - 1] ?? '') && !words.has(part);
    return isId || !(isWord.test(part) || words.has(part) || part === '') ? ':id' : part;
  });
  const names = [...new Set(searchParams.keys())].sort().join('&');
  return `/${kinds.join('/')}${names ? `?${names}` : ''}`;
}

/** A page, and no document to download. */
export const isHtml = ({ answer }: Crawled): boolean =>
  answer.headers.get('content-type')?.startsWith('text/html') ?? false;
