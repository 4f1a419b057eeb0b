import type { DocumentReference } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import type { Stored } from '../../../fhir/repository.ts';
import { Form, Problem } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { documentTitle } from './act-choices.ts';

interface DocumentsProps {
  /** The referral's Task. */
  id: string;
  documents: readonly Stored<DocumentReference>[];
  token: string;
  /** One may add to them. */
  attach: boolean;
  nameOf(organization: string): string;
  /** In bytes. */
  maxDocument: number;
  problem: HubError | undefined;
}

/** The files that go with a referral, and how to add one. */
export const Documents = ({ id, documents, token, attach, nameOf, maxDocument, problem }: DocumentsProps) => (
  <section class="card" aria-labelledby="documents">
    <h2 id="documents">Documents</h2>
    {documents.length === 0 && <p class="quiet">None yet.</p>}
    <ul class="documents">
      {documents.map(one => (
        <li>
          <Icon name="paperclip" />{' '}
          <a href={`/referrals/${id}/documents/${one.id}`}>{documentTitle(one.resource())}</a>
          <span class="detail">{nameOf(one.source)}</span>
        </li>
      ))}
    </ul>
    {attach && (
      <details class="fold" id="attach" open={problem !== undefined}>
        <summary>Attach a document</summary>
        <Form action={`/referrals/${id}/documents`} token={token} look="form act" files>
          <Problem of={problem} />
          <div class="field">
            <label for="attach-file">File</label>
            <p class="hint" id="attach-hint">
              PDF, picture or text of at most {Math.floor(maxDocument / 1024 / 1024)} MB. The other side can
              open it.
            </p>
            <input id="attach-file" name="file" type="file" required aria-describedby="attach-hint" />
          </div>
          <div class="field">
            <label for="attach-title">What it is</label>
            <input id="attach-title" name="title" maxlength={120} autocomplete="off" required />
          </div>
          <button type="submit">Attach</button>
        </Form>
      </details>
    )}
  </section>
);
