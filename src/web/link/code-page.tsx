import { masked } from '../../auth/links/contact.ts';
import type { OpenedReferral } from '../../auth/links/link-desk.ts';
import { filled, type Words } from '../../auth/links/words/words.ts';
import { CallUs } from './closed-page.tsx';
import { Frame } from './layout.tsx';

interface CodeProps {
  words: Words;
  network: string;
  opened: OpenedReferral;
  /** The answer that waits for the code. */
  fields: Record<string, string>;
  wrong?: string | undefined;
}

/** Asks for the six digits that the contact was told. */
export function CodePage({ words, network, opened, fields, wrong }: CodeProps) {
  const { contact, asker } = opened;
  const byMail = contact.system === 'email';
  return (
    <Frame words={words} network={network}>
      <h1>{words.code.title}</h1>
      <p class="lead">{filled(byMail ? words.code.sent : words.code.told, { contact: masked(contact) })}</p>
      {wrong && (
        <p class="said wrong" role="alert">
          {wrong}
        </p>
      )}
      <form method="post" class="code">
        <Kept fields={fields} />
        <label for="code">{words.code.label}</label>
        <input
          id="code"
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9 ]*"
          maxlength={9}
          required
        />
        <button type="submit" class="button main">
          {words.code.confirm}
        </button>
      </form>
      {byMail && (
        <form method="post">
          <Kept fields={fields} />
          <button type="submit" class="button plain">
            {words.code.again}
          </button>
        </form>
      )}
      <CallUs words={words} asker={asker} />
    </Frame>
  );
}

const Kept = ({ fields }: { fields: Record<string, string> }) => (
  <>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);
