/** A browser without a screen: it keeps cookies, follows no redirect by itself, and sends forms as they were given. */
export interface Visit {
  readonly cookies: Map<string, string>;
  get(path: string): Promise<Page>;
  /** Sends the form that the page at `from` has, with these fields. */
  send(from: string, action: string, fields: Record<string, string>): Promise<Page>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
}

export interface Page {
  status: number;
  text: string;
  location: string | null;
  headers: Headers;
}

export function visit(base: string): Visit {
  const cookies = new Map<string, string>();
  const request = async (path: string, init: RequestInit): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie ? { cookie } : {}), ...(init.headers as Record<string, string>) };
    const response = await fetch(`${base}${path}`, { ...init, headers, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const { status, headers: answered } = response;
    return { status, text: await response.text(), location: answered.get('location'), headers: answered };
  };
  const get: Visit['get'] = path => request(path, {});
  const post: Visit['post'] = (path, fields, headers = { origin: base }) =>
    request(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  return {
    cookies,
    get,
    post,
    async send(from, action, fields) {
      const { text } = await get(from);
      return post(action, { 'form-token': tokenIn(text), ...fields });
    },
  };
}

export function tokenIn(text: string): string {
  const token = /name="form-token" value="([\w-]+)"/.exec(text)?.[1];
  if (!token) throw new Error('the page has no form');
  return token;
}
