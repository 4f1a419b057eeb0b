import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import type { Chosen } from './people.ts';

interface Props {
  /** The page that is shown for the person. */
  path: string;
  token: string;
  /** What was looked for, and who was found. */
  sought?: { text: string; people: readonly Chosen[] } | undefined;
}

/** Finds the person a page is about. What is typed is sent in the body: it is no part of an address. */
export const ChoosePerson = ({ path, token, sought }: Props) => (
  <>
    <search>
      <Form action={`${path}/person`} token={token} look="lookup">
        <div class="field">
          <label for="person">Person</label>
          <input
            id="person"
            name="text"
            type="search"
            autocomplete="off"
            placeholder="Name, date of birth, identifier"
            required
            value={sought?.text ?? ''}
          />
        </div>
        <button type="submit" class="second">
          <Icon name="search" /> Find
        </button>
      </Form>
    </search>
    {sought && <Found path={path} {...sought} />}
  </>
);

function Found({ path, text, people }: { path: string; text: string; people: readonly Chosen[] }) {
  if (people.length === 0)
    return (
      <p role="status">
        Nobody whose record your organization may see is called so.{' '}
        {/^[A-Za-z0-9\-.]{1,64}$/.test(text) && (
          <a href={`${path}?patient=${encodeURIComponent(text)}`}>Look for the record with this id</a>
        )}
      </p>
    );
  return (
    <Table headings={['Person', 'Born', 'Record']} label="People found">
      {people.map(({ id, name, born }) => (
        <Row head={<a href={`${path}?patient=${encodeURIComponent(id)}`}>{name ?? id}</a>}>
          <Cell label="Born">{born ?? 'Not known'}</Cell>
          <Cell label="Record">
            <code>{id}</code>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
