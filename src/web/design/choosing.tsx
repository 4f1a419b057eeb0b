import { HubError } from '../../errors.ts';
import { Choices } from '../components/choices.tsx';
import { Form } from '../components/form.tsx';
import { Select } from '../components/select.tsx';

const urgencies = [
  { value: 'routine', label: 'Routine' },
  { value: 'urgent', label: 'Urgent', hint: 'An answer within a day' },
];
const languages = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Spanish' },
];

/** One or several of a few, and one of many. */
export const Choosing = () => (
  <section>
    <h2>Choosing</h2>
    <Form action="/design" token="">
      <Choices legend="How soon" name="urgency" type="radio" choices={urgencies} chosen={['urgent']} />
      <Choices
        legend="Languages they speak"
        name="spoken"
        type="checkbox"
        choices={languages}
        chosen={['es']}
      />
      <Select name="language" label="Language" options={languages} value="es" none="Not known" />
      <Select
        name="place"
        label="Where to"
        options={languages}
        problem={new HubError('invalid', { expression: 'place', text: 'Choose where they went.' })}
      />
    </Form>
  </section>
);
