import type { Context } from 'hono';

/** The fields of a form, each as often as it was sent, and its files. */
export interface FormValues {
  all(name: string): string[];
  one(name: string): string;
  file(name: string): File | undefined;
}

export async function formValues(c: Context): Promise<FormValues> {
  const fields = await c.req.parseBody({ all: true });
  const of = (name: string): (string | File)[] => [fields[name] ?? []].flat();
  const all = (name: string) => of(name).filter(value => typeof value === 'string');
  return {
    all,
    one: name => all(name)[0] ?? '',
    file: name => of(name).find((value): value is File => value instanceof File && value.size > 0),
  };
}
